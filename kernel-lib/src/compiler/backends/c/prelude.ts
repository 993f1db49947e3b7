/**
 * The head of every kernel's C source: types, and a function for each operation that C has no
 * operator for. Vectors are those of GCC and Clang, lanes are spelled out one by one where
 * compilers make one instruction of that; where they don't, x86's own instructions are named.
 */
import { hostTypes } from "./host.js";

/** What the functions ask of the host, and the scalar operations. */
const scalars = `static __attribute__((noinline, cold)) i32 fail(host_t *host, i32 site, f64 a, f64 b) {
  host->site = site;
  host->a = a;
  host->b = b;
  return FAILED;
}
/* Lets the host see to the outside world now and then; 0 if the call is to end. */
static __attribute__((noinline, cold)) i32 may_go_on(host_t *host, i32 *fuel) {
  *fuel = FUEL;
  return host->attend(host);
}
/* A call inside a call lies on the same stack. */
#define STACK (3 << 18)
#define HERE ((char *)__builtin_frame_address(0))
#define ENTER \\
  if ((u64)(HERE - host->stack_end) > STACK) \\
    host->stack_end = HERE - STACK > host->stack_floor ? HERE - STACK : host->stack_floor
#define DESCEND \\
  if (HERE < host->stack_end) return TOO_DEEP; \\
  if (--host->fuel < 0 && !may_go_on(host, &host->fuel)) return STOPPED
#define POLL(n) \\
  if ((fuel -= (n)) < 0 && !may_go_on(host, &fuel)) return STOPPED

INLINE f64 f64_min(f64 a, f64 b) {
  return a < b ? a : b < a ? b : a != b ? a + b : __builtin_signbit(a) ? a : b;
}
INLINE f64 f64_max(f64 a, f64 b) {
  return a > b ? a : b > a ? b : a != b ? a + b : __builtin_signbit(a) ? b : a;
}
INLINE f64 f64_copysign(f64 a, f64 b) { return __builtin_copysign(a, b); }
INLINE f64 f64_abs(f64 a) { return __builtin_fabs(a); }
INLINE f64 f64_sqrt(f64 a) { return __builtin_sqrt(a); }
INLINE f64 f64_floor(f64 a) { return __builtin_floor(a); }
INLINE f64 f64_ceil(f64 a) { return __builtin_ceil(a); }
INLINE f64 f64_trunc(f64 a) { return __builtin_trunc(a); }
INLINE f64 f64_nearest(f64 a) { return __builtin_rint(a); }
#if defined(__FMA__) || defined(__aarch64__)
INLINE f64 f64_madd(f64 a, f64 b, f64 c) { return __builtin_fma(a, b, c); }
#else
INLINE f64 f64_madd(f64 a, f64 b, f64 c) { return a * b + c; }
#endif

INLINE i32 i32_div_s(i32 a, i32 b) { return b == -1 ? -a : a / b; }
INLINE i32 i32_rem_s(i32 a, i32 b) { return b == -1 ? 0 : a % b; }
INLINE i32 i32_shl(i32 a, i32 b) { return (u32)a << (b & 31); }
INLINE i32 i32_shr_s(i32 a, i32 b) { return a >> (b & 31); }
INLINE i32 i32_shr_u(i32 a, i32 b) { return (u32)a >> (b & 31); }
INLINE i32 i32_clz(i32 a) { return a ? __builtin_clz(a) : 32; }
INLINE bool i32_eq(i32 a, i32 b) { return a == b; }
INLINE bool i32_ne(i32 a, i32 b) { return a != b; }
INLINE bool i32_lt_s(i32 a, i32 b) { return a < b; }
INLINE bool i32_le_s(i32 a, i32 b) { return a <= b; }
INLINE bool i32_gt_s(i32 a, i32 b) { return a > b; }
INLINE bool i32_ge_s(i32 a, i32 b) { return a >= b; }
INLINE bool i32_lt_u(i32 a, i32 b) { return (u32)a < (u32)b; }

INLINE i64 i64_mul_u32(i64 a, i64 b) { return (u64)(u32)a * (u32)b; }
INLINE i64 i64_shl(i64 a, i64 b) { return (u64)a << (b & 63); }
INLINE i64 i64_shr_s(i64 a, i64 b) { return a >> (b & 63); }
INLINE i64 i64_shr_u(i64 a, i64 b) { return (u64)a >> (b & 63); }
INLINE i64 i64_mul_halves_upper(i64 a, i64 b) {
  return (i64_mul_u32(a, b) & ~0xffffffffLL) | i64_shr_u(i64_mul_u32(i64_shr_u(a, 32), i64_shr_u(b, 32)), 32);
}
INLINE i64 i64_mul_halves_lower(i64 a, i64 b) {
  return i64_shl(i64_mul_u32(a, b), 32) | (i64_mul_u32(i64_shr_u(a, 32), i64_shr_u(b, 32)) & 0xffffffffLL);
}

INLINE bool bool_not(bool a) { return !a; }
INLINE f64 f64_select(bool c, f64 a, f64 b) { return c ? a : b; }
INLINE i32 i32_select(bool c, i32 a, i32 b) { return c ? a : b; }
INLINE i64 i64_select(bool c, i64 a, i64 b) { return c ? a : b; }
INLINE bool bool_select(bool c, bool a, bool b) { return c ? a : b; }

INLINE f64 f64_convert_i32_s(i32 a) { return a; }
INLINE f64 f64_convert_i32_u(i32 a) { return (u32)a; }
INLINE f64 f64_convert_i64_s(i64 a) { return a; }
INLINE i32 i32_trunc_sat_f64_s(f64 a) {
#ifdef __SSE2__
  /* the least integer also stands for all that has no other */
  i32 r = __builtin_ia32_cvttsd2si((f64 __attribute__((vector_size(16)))){a});
  if (__builtin_expect(r != (i32)0x80000000, 1)) return r;
#endif
  return a != a ? 0 : a >= 0x1p31 ? 0x7fffffff : a <= -0x1p31 ? (i32)0x80000000 : (i32)a;
}
INLINE i32 i32_wrap_i64(i64 a) { return a; }
INLINE i64 i64_extend_i32_s(i32 a) { return a; }
INLINE i64 i64_extend_i32_u(i32 a) { return (u32)a; }
INLINE f64 f64_reinterpret_i64(i64 a) { f64 r; __builtin_memcpy(&r, &a, 8); return r; }
INLINE i64 i64_reinterpret_f64(f64 a) { i64 r; __builtin_memcpy(&r, &a, 8); return r; }
INLINE f64 f64_from_bool(bool a) { return a; }
INLINE i32 i32_from_bool(bool a) { return a; }
`;

/** Iterations between two looks at the outside world; far below a tenth of a second of them. */
const fuel = 1 << 15;

/** The vector operations; N, V… stand for the number of lanes and the types. */
function vectors(lanes: number): string {
  const each = (value: (lane: number) => string): string =>
    `{${Array.from({ length: lanes }, (_, k) => value(k)).join(", ")}}`;
  const map = (name: string, ...params: readonly string[]): string => {
    const args = params.map((param, i) => `${param} ${"abc"[i]!}`).join(", ");
    const [result] = name.split("_", 1) as [string];
    const scalar = name.replace(/^(\w+?)x\d+_/, "$1_");
    const call = (k: number): string =>
      `${scalar}(${params.map((_, i) => `${"abc"[i]!}[${k}]`).join(", ")})`;
    return `INLINE ${result} ${name}(${args}) { return (${result})${each(call)}; }`;
  };
  const [F, I, L, B] = [`f64x${lanes}`, `i32x${lanes}`, `i64x${lanes}`, `boolx${lanes}`];
  const mask = (name: string, compare: string): string =>
    `INLINE ${B} ${I}_${name}(${I} a, ${I} b) { return ${L}_extend_i32_s(${compare}); }`;
  return `
typedef f64 ${F} __attribute__((vector_size(${8 * lanes})));
typedef i32 ${I} __attribute__((vector_size(${4 * lanes})));
typedef u32 u32x${lanes} __attribute__((vector_size(${4 * lanes})));
typedef i64 ${L} __attribute__((vector_size(${8 * lanes})));
typedef u64 u64x${lanes} __attribute__((vector_size(${8 * lanes})));
typedef ${L} ${B};

${(["f64", "i32", "i64"] as const)
  .map(
    (kind) =>
      `INLINE ${kind}x${lanes} ${kind}x${lanes}_splat(${kind} a) { return (${kind}x${lanes})${each(() => "a")}; }`,
  )
  .join("\n")}
INLINE ${B} ${B}_splat(bool a) { return ${L}_splat(-(i64)a); }
${machine(lanes)}
INLINE ${F} ${F}_select(${B} c, ${F} a, ${F} b) { return SELECT${lanes}(c, a, b); }
INLINE ${L} ${L}_select(${B} c, ${L} a, ${L} b) { return (${L})SELECT${lanes}(c, (${F})a, (${F})b); }
INLINE ${B} ${B}_select(${B} c, ${B} a, ${B} b) { return (c & a) | (~c & b); }
INLINE ${I} ${I}_wrap_i64(${L} a) { return NARROW${lanes}(a); }
INLINE ${I} ${I}_select(${B} c, ${I} a, ${I} b) { ${I} m = NARROW${lanes}(c); return (m & a) | (~m & b); }
INLINE ${B} ${B}_not(${B} a) { return ~a; }
INLINE bool ${B}_any(${B} a) { return SIGNS${lanes}(a) != 0; }
INLINE bool ${B}_all(${B} a) { return SIGNS${lanes}(a) == ${2 ** lanes - 1}; }

${["floor", "ceil", "trunc", "nearest", "sqrt", "abs"].map((name) => map(`${F}_${name}`, F)).join("\n")}
${map(`${F}_copysign`, F, F)}
${fused(lanes, map(`${F}_madd`, F, F, F))}
/* The smaller of both orders: the second operand wins ties and NaN, so the bits of both are joined. */
INLINE ${F} ${F}_min(${F} a, ${F} b) {
  return (${F})((${L})${F}_select(a < b, a, b) | (${L})${F}_select(b < a, b, a));
}
INLINE ${F} ${F}_max(${F} a, ${F} b) {
  ${L} r = (${L})${F}_select(a > b, a, b) & (${L})${F}_select(b > a, b, a);
  return (${F})(r | (a != a) | (b != b));
}

${["div_s", "rem_s"].map((name) => map(`${I}_${name}`, I, I)).join("\n")}
${map(`${I}_clz`, I)}
INLINE ${I} ${I}_shl(${I} a, ${I} b) { return (${I})((u32x${lanes})a << (u32x${lanes})(b & 31)); }
INLINE ${I} ${I}_shr_s(${I} a, ${I} b) { return a >> (b & 31); }
INLINE ${I} ${I}_shr_u(${I} a, ${I} b) { return (${I})((u32x${lanes})a >> (u32x${lanes})(b & 31)); }
INLINE ${L} ${L}_extend_i32_s(${I} a) { return WIDEN${lanes}(a); }
INLINE ${L} ${L}_extend_i32_u(${I} a) { return WIDEN_UNSIGNED${lanes}(a); }
${mask("eq", "a == b")}
${mask("ne", "a != b")}
${mask("lt_s", "a < b")}
${mask("le_s", "a <= b")}
${mask("gt_s", "a > b")}
${mask("ge_s", "a >= b")}
${mask("lt_u", `(u32x${lanes})a < (u32x${lanes})b`)}

INLINE ${L} ${L}_mul_u32(${L} a, ${L} b) { return MUL_U32_${lanes}(a, b); }
INLINE ${L} ${L}_shl(${L} a, ${L} b) { return (${L})((u64x${lanes})a << (u64x${lanes})(b & 63)); }
INLINE ${L} ${L}_shr_s(${L} a, ${L} b) { return a >> (b & 63); }
INLINE ${L} ${L}_shr_u(${L} a, ${L} b) { return (${L})((u64x${lanes})a >> (u64x${lanes})(b & 63)); }
INLINE ${L} ${L}_mul_halves_upper(${L} a, ${L} b) {
  u64x${lanes} high = (u64x${lanes})${L}_mul_u32(${L}_shr_u(a, ${L}_splat(32)), ${L}_shr_u(b, ${L}_splat(32)));
  return (${L}_mul_u32(a, b) & ~0xffffffffLL) | (${L})(high >> 32);
}
INLINE ${L} ${L}_mul_halves_lower(${L} a, ${L} b) {
  ${L} high = ${L}_mul_u32(${L}_shr_u(a, ${L}_splat(32)), ${L}_shr_u(b, ${L}_splat(32)));
  return (${L}_mul_u32(a, b) << 32) | (high & 0xffffffffLL);
}

INLINE ${F} ${F}_convert_i32_s(${I} a) { return CONVERT${lanes}(a); }
INLINE ${F} ${F}_convert_i32_u(${I} a) {
  /* the bits of 2^52 + a */
  return (${F})(${L}_extend_i32_u(a) | 0x4330000000000000LL) - 0x1p52;
}
/* |a| < 2^51 added to the bits of 1.5 * 2^52 gives those of 1.5 * 2^52 + a. */
INLINE ${F} ${F}_convert_i64_s(${L} a) { return (${F})(a + 0x4338000000000000LL) - 0x1.8p52; }
INLINE ${I} ${I}_trunc_sat_f64_s(${F} a) {
  ${F} number = (${F})((a == a) & (${L})a);
  ${F} above = ${F}_select(number > -0x1p31, number, ${F}_splat(-0x1p31));
  return __builtin_convertvector(${F}_select(above < 0x1p31 - 1, above, ${F}_splat(0x1p31 - 1)), ${I});
}
INLINE ${F} ${F}_reinterpret_i64(${L} a) { return (${F})a; }
INLINE ${L} ${L}_reinterpret_f64(${F} a) { return (${L})a; }
INLINE ${F} ${F}_from_bool(${B} a) { return (${F})(a & 0x3ff0000000000000LL); }
INLINE ${I} ${I}_from_bool(${B} a) { return -NARROW${lanes}(a); }
`;
}

const fusedBuiltins: Readonly<Record<number, string>> = {
  2: "__builtin_ia32_vfmaddpd(a, b, c)",
  4: "__builtin_ia32_vfmaddpd256(a, b, c)",
  8: "__builtin_ia32_vfmaddpd512_mask(a, b, c, -1, 4)",
};

/** Fused products and sums: lane by lane, gcc finds its way back to vectors only sometimes. */
function fused(lanes: number, laneByLane: string): string {
  const F = `f64x${lanes}`;
  const special = fusedBuiltins[lanes];
  const define = (value: string): string =>
    `INLINE ${F} ${F}_madd(${F} a, ${F} b, ${F} c) { return ${value}; }`;
  return `
#ifdef __has_builtin
#define HAS_BUILTIN(name) __has_builtin(name)
#else
#define HAS_BUILTIN(name) 0
#endif
#if !defined(__FMA__) && !defined(__aarch64__)
${define("a * b + c")}
#elif HAS_BUILTIN(__builtin_elementwise_fma)
${define("__builtin_elementwise_fma(a, b, c)")}${
    special === undefined
      ? ""
      : `
#elif defined(__FMA__) && HAS_BUILTIN(${special.slice(0, special.indexOf("("))})
${define(special)}`
  }
#else
${laneByLane}
#endif`;
}

/** What compilers make a bad job of, by the machine's own instructions where there are such. */
function machine(lanes: number): string {
  const [F, I, L] = [`f64x${lanes}`, `i32x${lanes}`, `i64x${lanes}`];
  const portable = `#define SELECT${lanes}(c, a, b) ((${F})(((c) & (${L})(a)) | (~(c) & (${L})(b))))
#define NARROW${lanes}(a) __builtin_convertvector(a, ${I})
#define WIDEN${lanes}(a) __builtin_convertvector(a, ${L})
#define WIDEN_UNSIGNED${lanes}(a) (${L})__builtin_convertvector((u32x${lanes})(a), u64x${lanes})
#define CONVERT${lanes}(a) __builtin_convertvector(a, ${F})
#define MUL_U32_${lanes}(a, b) (((a) & 0xffffffffLL) * ((b) & 0xffffffffLL))
INLINE i32 SIGNS${lanes}(${L} a) {
  return ${Array.from({ length: lanes }, (_, k) => `((i32)(a[${k}] & 1) << ${k})`).join(" | ")};
}`;
  const special = specials[lanes];
  if (special === undefined) return portable;
  return `#if ${special.where}\n${special.code}\n#else\n${portable}\n#endif`;
}

const specials: Readonly<Record<number, { readonly where: string; readonly code: string }>> = {
  2: {
    where: "defined(__SSE4_1__) && !defined(__clang__)",
    code: `typedef i32 i32x4_half __attribute__((vector_size(16)));
INLINE i32x4_half LOW2(i32x2 a) { return (i32x4_half)(i64x2){(i64)a, 0}; }
#define SELECT2(c, a, b) __builtin_ia32_blendvpd(b, a, (f64x2)(c))
#define NARROW2(a) ((i32x2)((i64x2)__builtin_ia32_pshufd((i32x4_half)(a), 0x88))[0])
#define WIDEN2(a) __builtin_convertvector(a, i64x2)
#define WIDEN_UNSIGNED2(a) (i64x2)__builtin_convertvector((u32x2)(a), u64x2)
#define CONVERT2(a) __builtin_ia32_cvtdq2pd(LOW2(a))
#define MUL_U32_2(a, b) (i64x2)__builtin_ia32_pmuludq128((i32x4_half)(a), (i32x4_half)(b))
#define SIGNS2(a) __builtin_ia32_movmskpd((f64x2)(a))`,
  },
  4: {
    where: "defined(__AVX2__) && (defined(__clang__) || __GNUC__ >= 12)",
    code: `typedef i32 i32x8_all __attribute__((vector_size(32)));
#define SELECT4(c, a, b) __builtin_ia32_blendvpd256(b, a, (f64x4)(c))
#define SIGNS4(a) __builtin_ia32_movmskpd256((f64x4)(a))
#ifdef __clang__
#define NARROW4(a) __builtin_convertvector(a, i32x4)
#define WIDEN4(a) __builtin_convertvector(a, i64x4)
#define WIDEN_UNSIGNED4(a) (i64x4)__builtin_convertvector((u32x4)(a), u64x4)
#define CONVERT4(a) __builtin_convertvector(a, f64x4)
#define MUL_U32_4(a, b) (((a) & 0xffffffffLL) * ((b) & 0xffffffffLL))
#else
INLINE i32x4 NARROW4(i64x4 a) {
  i32x8_all all = (i32x8_all)a;
  return __builtin_shufflevector(all, all, 0, 2, 4, 6);
}
#define WIDEN4(a) (i64x4)__builtin_ia32_pmovsxdq256(a)
#define WIDEN_UNSIGNED4(a) (i64x4)__builtin_ia32_pmovzxdq256(a)
#define CONVERT4(a) __builtin_ia32_cvtdq2pd256(a)
#define MUL_U32_4(a, b) (i64x4)__builtin_ia32_pmuludq256((i32x8_all)(a), (i32x8_all)(b))
#endif`,
  },
  8: {
    where: "defined(__AVX512DQ__) && !defined(__clang__)",
    code: `typedef i32 i32x16_all __attribute__((vector_size(64)));
#define SELECT8(c, a, b) ((f64x8)(((c) & (i64x8)(a)) | (~(c) & (i64x8)(b))))
typedef long long i64x8_all __attribute__((vector_size(64)));
#define SIGNS8(a) (i32)(unsigned char)__builtin_ia32_cvtq2mask512((i64x8_all)(a))
#define NARROW8(a) __builtin_convertvector(a, i32x8)
#define WIDEN8(a) __builtin_convertvector(a, i64x8)
#define WIDEN_UNSIGNED8(a) (i64x8)__builtin_convertvector((u32x8)(a), u64x8)
#define CONVERT8(a) __builtin_convertvector(a, f64x8)
#define MUL_U32_8(a, b) (i64x8)__builtin_ia32_pmuludq512_mask((i32x16_all)(a), (i32x16_all)(b), (i64x8_all){0}, -1)`,
  },
};

/** The head of a source whose vectors have that many lanes. */
export function prelude(lanes: number): string {
  return `${hostTypes}#define FUEL ${fuel}\n${scalars}${lanes > 1 ? vectors(lanes) : ""}`;
}
