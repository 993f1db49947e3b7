/** The types of C sources, and what compiled code and its host know of each other. */

/** The first lines of every source. */
export const hostTypes = `typedef double f64;
typedef __INT32_TYPE__ i32;
typedef __INT64_TYPE__ i64;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;
typedef i32 bool;
#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))

/* What the functions return, unless they have done all they should. */
enum { DONE, FAILED, STOPPED, TOO_DEEP };

/* What the caller offers, where 0 for an answer means that the call is to end, and reads when a function failed. */
typedef struct host host_t;
struct host {
  i32 (*allocate)(host_t *host, f64 bytes);
  i32 (*parallel)(host_t *host, i32 loop, i32 frame, i32 count, i32 partial_bytes);
  i32 (*attend)(host_t *host);
  char *stack_end, *stack_floor;
  f64 a, b;
  i32 site;
  i32 fuel;
};
`;

/** Bytes before fields of a `host_t`. */
export const hostFields = { a: 40, b: 48, site: 56 } as const;
