/**
 * Pixels become a PNG file (W3C PNG, third edition): eight bits a channel, rows unfiltered. zlib
 * does the work; fast-png, which brings its own in JavaScript, takes six times as long.
 */
import { crc32, deflateSync } from "node:zlib";
import type { Raster } from "../figure/raster.js";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Colour types: red, green, blue, and the same with opacity. */
const RGB = 2;
const RGBA = 6;

/** A chunk: the length of its data, its name and data, and the checksum of both. */
function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const file = Buffer.alloc(body.length + 8);
  file.writeUInt32BE(data.length, 0);
  body.copy(file, 4);
  file.writeUInt32BE(crc32(body), body.length + 4);
  return file;
}

/** The rows from the top, each behind the number of its filter, which is none. */
function scanlines({ width, height, rgba }: Raster, channels: number): Uint8Array {
  const rows = new Uint8Array(height * (width * channels + 1));
  let to = 0;
  let from = 0;
  for (let row = 0; row < height; row++) {
    to++;
    for (let column = 0; column < width; column++) {
      rows[to] = rgba[from]!;
      rows[to + 1] = rgba[from + 1]!;
      rows[to + 2] = rgba[from + 2]!;
      if (channels === 4) rows[to + 3] = rgba[from + 3]!;
      to += channels;
      from += 4;
    }
  }
  return rows;
}

/** The PNG file of pixels; `opaque` ones are stored without opacity, `level` is zlib's effort. */
export function pngFile(
  raster: Raster,
  { opaque, level }: { readonly opaque: boolean; readonly level: number },
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(raster.width, 0);
  header.writeUInt32BE(raster.height, 4);
  header.set([8, opaque ? RGB : RGBA], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(scanlines(raster, opaque ? 3 : 4), { level })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
