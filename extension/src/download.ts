/** Hands a file to the browser, to be saved where the reader keeps such files. */
import { csvParts, type DataTable } from "hotcell/figure";
import { breath } from "./slices.js";

/** A file's name made of a figure's title: letters, digits and dashes only, whatever the title is. */
export function fileName(title: string, fallback: string, extension: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return `${words.join("-").slice(0, 60) || fallback}.${extension}`;
}

/** Saves data under a name. */
export function download(data: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data);
  link.download = name;
  link.click();
  // the browser has taken hold of the data by the next turn
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  });
}

/** A table as a file. The page breathes between its parts, of which there may be thousands. */
export async function csvFile(table: DataTable): Promise<Blob> {
  const parts: Blob[] = [];
  for (const part of csvParts(table)) {
    parts.push(new Blob([part]));
    await breath();
  }
  return new Blob(parts, { type: "text/csv" });
}
