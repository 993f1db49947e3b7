/**
 * The instructions of WebAssembly that the backend uses, with their opcodes: what `encoder` turns
 * into bytes and `text` into lines, and nothing about what they are used for. Numbers and names
 * are those of the WebAssembly specification (core 5.4, with SIMD128 and relaxed SIMD).
 */

const plain = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  return: 0x0f,
  call: 0x10,
  select: 0x1b,
  "local.get": 0x20,
  "local.set": 0x21,

  "i32.load": 0x28,
  "i64.load": 0x29,
  "f32.load": 0x2a,
  "f64.load": 0x2b,
  "i32.load8_s": 0x2c,
  "i32.load8_u": 0x2d,
  "i32.load16_s": 0x2e,
  "i32.load16_u": 0x2f,
  "i32.store": 0x36,
  "i64.store": 0x37,
  "f32.store": 0x38,
  "f64.store": 0x39,
  "i32.store8": 0x3a,
  "i32.store16": 0x3b,

  "i32.const": 0x41,
  "i64.const": 0x42,
  "f64.const": 0x44,

  "i32.eqz": 0x45,
  "i32.eq": 0x46,
  "i32.ne": 0x47,
  "i32.lt_s": 0x48,
  "i32.lt_u": 0x49,
  "i32.gt_s": 0x4a,
  "i32.le_s": 0x4c,
  "i32.ge_s": 0x4e,
  "i64.eq": 0x51,
  "i64.ne": 0x52,
  "i64.lt_s": 0x53,
  "f64.eq": 0x61,
  "f64.ne": 0x62,
  "f64.lt": 0x63,
  "f64.gt": 0x64,
  "f64.le": 0x65,
  "f64.ge": 0x66,

  "i32.clz": 0x67,
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.mul": 0x6c,
  "i32.div_s": 0x6d,
  "i32.rem_s": 0x6f,
  "i32.and": 0x71,
  "i32.or": 0x72,
  "i32.xor": 0x73,
  "i32.shl": 0x74,
  "i32.shr_s": 0x75,
  "i32.shr_u": 0x76,
  "i64.add": 0x7c,
  "i64.sub": 0x7d,
  "i64.mul": 0x7e,
  "i64.and": 0x83,
  "i64.or": 0x84,
  "i64.xor": 0x85,
  "i64.shl": 0x86,
  "i64.shr_s": 0x87,
  "i64.shr_u": 0x88,

  "f64.abs": 0x99,
  "f64.neg": 0x9a,
  "f64.ceil": 0x9b,
  "f64.floor": 0x9c,
  "f64.trunc": 0x9d,
  "f64.nearest": 0x9e,
  "f64.sqrt": 0x9f,
  "f64.add": 0xa0,
  "f64.sub": 0xa1,
  "f64.mul": 0xa2,
  "f64.div": 0xa3,
  "f64.min": 0xa4,
  "f64.max": 0xa5,
  "f64.copysign": 0xa6,

  "i32.wrap_i64": 0xa7,
  "i64.extend_i32_s": 0xac,
  "i64.extend_i32_u": 0xad,
  "f32.demote_f64": 0xb6,
  "f64.convert_i32_s": 0xb7,
  "f64.convert_i32_u": 0xb8,
  "f64.convert_i64_s": 0xb9,
  "f64.promote_f32": 0xbb,
  "i64.reinterpret_f64": 0xbd,
  "f64.reinterpret_i64": 0xbf,
} as const;

/** After the prefix 0xfc. */
const saturating = { "i32.trunc_sat_f64_s": 0x02 } as const;

/** After the prefix 0xfd. */
const simd = {
  "v128.load": 0x00,
  "v128.load16_splat": 0x08,
  "v128.load64_splat": 0x0a,
  "v128.store": 0x0b,
  "v128.const": 0x0c,
  "i8x16.shuffle": 0x0d,
  "i32x4.splat": 0x11,
  "i64x2.splat": 0x12,
  "f64x2.splat": 0x14,
  "i32x4.extract_lane": 0x1b,
  "i32x4.replace_lane": 0x1c,
  "i64x2.extract_lane": 0x1d,
  "i64x2.replace_lane": 0x1e,
  "f64x2.extract_lane": 0x21,

  "i32x4.eq": 0x37,
  "i32x4.ne": 0x38,
  "i32x4.lt_s": 0x39,
  "i32x4.lt_u": 0x3a,
  "i32x4.gt_s": 0x3b,
  "i32x4.le_s": 0x3d,
  "i32x4.ge_s": 0x3f,
  "f64x2.eq": 0x47,
  "f64x2.ne": 0x48,
  "f64x2.lt": 0x49,
  "f64x2.gt": 0x4a,
  "f64x2.le": 0x4b,
  "f64x2.ge": 0x4c,

  "v128.not": 0x4d,
  "v128.and": 0x4e,
  "v128.or": 0x50,
  "v128.xor": 0x51,
  "v128.bitselect": 0x52,
  "v128.any_true": 0x53,
  "v128.load32_lane": 0x56,
  "v128.load64_lane": 0x57,
  "v128.store32_lane": 0x5a,
  "v128.store64_lane": 0x5b,
  "v128.load32_zero": 0x5c,
  "v128.load64_zero": 0x5d,
  "f32x4.demote_f64x2_zero": 0x5e,
  "f64x2.promote_low_f32x4": 0x5f,

  "f64x2.ceil": 0x74,
  "f64x2.floor": 0x75,
  "f64x2.trunc": 0x7a,
  "i16x8.extend_low_i8x16_s": 0x87,
  "i16x8.extend_low_i8x16_u": 0x89,
  "f64x2.nearest": 0x94,
  "i32x4.neg": 0xa1,
  "i32x4.extend_low_i16x8_s": 0xa7,
  "i32x4.extend_low_i16x8_u": 0xa9,
  "i32x4.shl": 0xab,
  "i32x4.shr_s": 0xac,
  "i32x4.shr_u": 0xad,
  "i32x4.add": 0xae,
  "i32x4.sub": 0xb1,
  "i32x4.mul": 0xb5,
  "i64x2.all_true": 0xc3,
  "i64x2.extend_low_i32x4_s": 0xc7,
  "i64x2.extend_low_i32x4_u": 0xc9,
  "i64x2.shl": 0xcb,
  "i64x2.shr_s": 0xcc,
  "i64x2.shr_u": 0xcd,
  "i64x2.add": 0xce,
  "i64x2.sub": 0xd1,
  "i64x2.mul": 0xd5,
  "i64x2.eq": 0xd6,
  "i64x2.ne": 0xd7,
  "i64x2.lt_s": 0xd8,
  "i64x2.extmul_low_i32x4_u": 0xde,
  "i64x2.extmul_high_i32x4_u": 0xdf,
  "f64x2.abs": 0xec,
  "f64x2.neg": 0xed,
  "f64x2.sqrt": 0xef,
  "f64x2.add": 0xf0,
  "f64x2.sub": 0xf1,
  "f64x2.mul": 0xf2,
  "f64x2.div": 0xf3,
  "f64x2.min": 0xf4,
  "f64x2.max": 0xf5,
  "i32x4.trunc_sat_f64x2_s_zero": 0xfc,
  "f64x2.convert_low_i32x4_s": 0xfe,
  "f64x2.convert_low_i32x4_u": 0xff,
  "f64x2.relaxed_madd": 0x107,
} as const;

export type Mnemonic = keyof typeof plain | keyof typeof saturating | keyof typeof simd;

/** An instruction and its immediates. A memory instruction's are offset and, where it has one, lane. */
export type Instruction = readonly [op: Mnemonic, ...immediates: readonly (number | bigint)[]];

/** Prefix, if any, and number. */
export function opcode(op: Mnemonic): readonly [prefix: number | undefined, number: number] {
  if (op in plain) return [undefined, plain[op as keyof typeof plain]];
  if (op in saturating) return [0xfc, saturating[op as keyof typeof saturating]];
  return [0xfd, simd[op as keyof typeof simd]];
}

/** How an instruction's immediates are written. */
export type Immediates = "none" | "block" | "indices" | "memory" | "lanes" | "i32" | "i64" | "f64";

export function immediates(op: Mnemonic): Immediates {
  if (op === "block" || op === "loop" || op === "if") return "block";
  if (/^(br|br_if|call|local\..*)$/.test(op)) return "indices";
  if (/\.(load|store)/.test(op)) return "memory";
  if (/_lane$|^v128\.const$|shuffle$/.test(op)) return "lanes";
  if (op === "i32.const") return "i32";
  if (op === "i64.const") return "i64";
  return op === "f64.const" ? "f64" : "none";
}

/** log2 of the bytes that a memory instruction touches. */
export function alignment(op: Mnemonic): number {
  const width =
    /(?:load|store)(\d+)/.exec(op)?.[1] ?? (op.startsWith("v128") ? "64" : op.slice(1, 3));
  return Math.log2(Number(width) / 8);
}
