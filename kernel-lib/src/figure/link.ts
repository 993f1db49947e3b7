/** Figures that show the same place: an option or a payload goes in, the name they share comes out. */
import { checkText } from "./checks.js";

/** A figure that may be linked with others of its notebook. */
export interface Linked {
  /** What one of them points at along x, or at which time it stands, the others mark. */
  readonly link?: string;
}

/** The link in options or a payload, where there is one; `place` names it in errors. */
export function linkOf({ link }: { readonly link?: unknown }, place = "link"): Linked {
  return link === undefined ? {} : { link: checkText(link, place) };
}
