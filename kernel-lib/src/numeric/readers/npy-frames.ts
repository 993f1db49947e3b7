/** Trajectories in .npy files: an array of the shape [nFrames, nAtoms, 3], read frame by frame. */
import { FileFormatError } from "../../errors.js";
import type { ByteSource } from "./byte-source.js";
import type { Frame } from "./frame.js";
import { NPY_PREFIX, npyLengths, parseNpyHeader, type NpyHeader } from "./npy-header.js";

export async function* npyFrames(source: ByteSource): AsyncGenerator<Frame, void, undefined> {
  const { kind, isLittle, shape } = await readHeader(source);
  const [frames, atoms] = shape as [number, number, number];
  const width = kind === "f8" ? 8 : 4;
  for (let index = 0; index < frames; index++) {
    source.frame = index;
    const bytes = await source.bytes(3 * atoms * width, "the positions");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const positions = kind === "f8" ? new Float64Array(3 * atoms) : new Float32Array(3 * atoms);
    for (let i = 0; i < positions.length; i++)
      positions[i] =
        kind === "f8" ? view.getFloat64(8 * i, isLittle) : view.getFloat32(4 * i, isLittle);
    yield { index, positions };
  }
}

async function readHeader(source: ByteSource): Promise<NpyHeader> {
  const prefix = Buffer.from(await source.bytes(NPY_PREFIX, "the header"));
  const lengths = npyLengths(prefix);
  if (!lengths) throw source.atByte("is no .npy file: it doesn't begin as NumPy writes them", 0);
  const text = await source.bytes(lengths.data - NPY_PREFIX, "the header");
  const header = parse(source, prefix.toString("latin1", lengths.text) + text.toString("latin1"));
  const { shape, kind, isFortran } = header;
  if (shape.length !== 3 || shape[2] !== 3 || isFortran || !/^f[48]$/.test(kind))
    throw new FileFormatError(
      source.path,
      `has ${isFortran ? "Fortran order, " : ""}the type ${kind} and the shape [${shape.join(", ")}]: a trajectory ` +
        `that is read frame by frame is float32 or float64, [nFrames, nAtoms, 3], in C order; loadNpy reads all others`,
    );
  return header;
}

function parse(source: ByteSource, text: string): NpyHeader {
  try {
    return parseNpyHeader(text);
  } catch (error) {
    throw source.atByte((error as Error).message, 0);
  }
}
