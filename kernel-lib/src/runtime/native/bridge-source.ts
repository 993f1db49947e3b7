/**
 * The source of the bridge, which the machine's own compiler makes like the kernels themselves.
 *
 * It stands on Node-API alone, whose functions are declared here, as compilers come without Node's
 * headers. A thread may be ended at any moment, and Node-API's work with it: each answer is looked at,
 * and what can't be done any more is left.
 */
import { hostTypes } from "../../compiler/backends/c/host.js";

export const bridgeSource = `${hostTypes}
typedef __SIZE_TYPE__ size_t;
typedef struct env *napi_env;
typedef struct value *napi_value;
typedef struct ref *napi_ref;
typedef struct scope *napi_handle_scope;
typedef struct info *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
/* 0 is success */
typedef int napi_status;
napi_status napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
napi_status napi_get_value_double(napi_env, napi_value, f64 *);
napi_status napi_get_value_int32(napi_env, napi_value, i32 *);
napi_status napi_get_value_string_utf8(napi_env, napi_value, char *, size_t, size_t *);
napi_status napi_get_typedarray_info(napi_env, napi_value, int *, size_t *, void **, napi_value *, size_t *);
napi_status napi_get_undefined(napi_env, napi_value *);
napi_status napi_get_reference_value(napi_env, napi_ref, napi_value *);
napi_status napi_create_double(napi_env, f64, napi_value *);
napi_status napi_create_reference(napi_env, napi_value, i32, napi_ref *);
napi_status napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
napi_status napi_set_named_property(napi_env, napi_value, const char *, napi_value);
napi_status napi_open_handle_scope(napi_env, napi_handle_scope *);
napi_status napi_close_handle_scope(napi_env, napi_handle_scope);
napi_status napi_call_function(napi_env, napi_value, napi_value, size_t, const napi_value *, napi_value *);
napi_status napi_throw_error(napi_env, const char *, const char *);
void *dlopen(const char *, int);
void *dlsym(void *, const char *);
int dlclose(void *);
char *dlerror(void);
enum { RTLD_NOW = 2 };
/* not everywhere */
#define WEAK __attribute__((weak))
WEAK void *pthread_self(void);
WEAK int pthread_getattr_np(void *, void *);
WEAK int pthread_attr_getstack(void *, void **, size_t *);
WEAK int pthread_attr_destroy(void *);

enum { ALLOCATE, PARALLEL, ATTEND, CALLBACKS };
typedef struct {
  host_t host;
  napi_env env;
  napi_ref callbacks[CALLBACKS];
} desk_t;

static i32 ask(host_t *host, int callback, int count, const f64 *numbers) {
  desk_t *desk = (desk_t *)host;
  napi_env env = desk->env;
  napi_handle_scope scope;
  napi_value function, receiver, answer, args[4];
  i32 number = 0;
  if (napi_open_handle_scope(env, &scope)) return 0;
  int bad = napi_get_reference_value(env, desk->callbacks[callback], &function) || napi_get_undefined(env, &receiver);
  for (int k = 0; k < count; k++) bad = bad || napi_create_double(env, numbers[k], args + k);
  if (!bad && !napi_call_function(env, receiver, function, count, args, &answer))
    napi_get_value_int32(env, answer, &number);
  napi_close_handle_scope(env, scope);
  return number;
}
static i32 ask_allocate(host_t *host, f64 bytes) { return ask(host, ALLOCATE, 1, &bytes); }
static i32 ask_parallel(host_t *host, i32 loop, i32 frame, i32 count, i32 partial_bytes) {
  return ask(host, PARALLEL, 4, (f64[]){loop, frame, count, partial_bytes});
}
static i32 ask_attend(host_t *host) { return ask(host, ATTEND, 0, 0); }

/* What a thread's stack may not grow below, with room for functions that don't ask; 0 if unknown. */
static char *stack_floor(void) {
  u64 attributes[64];
  void *start = 0;
  size_t size;
  if (!pthread_getattr_np || !pthread_self || !pthread_attr_getstack || !pthread_attr_destroy) return 0;
  if (pthread_getattr_np(pthread_self(), attributes)) return 0;
  int bad = pthread_attr_getstack(attributes, &start, &size);
  pthread_attr_destroy(attributes);
  return bad ? 0 : (char *)start + (1 << 18);
}

enum { MOST = 7 };
static size_t arguments(napi_env env, napi_callback_info info, napi_value *args) {
  size_t count = MOST;
  return napi_get_cb_info(env, info, &count, args, 0, 0) ? 0 : count;
}
static napi_value number(napi_env env, f64 value) {
  napi_value made;
  return napi_create_double(env, value, &made) ? 0 : made;
}
static void *pointer(napi_env env, napi_value value) {
  f64 address;
  return napi_get_value_double(env, value, &address) ? 0 : (void *)(u64)address;
}
static void *bytes(napi_env env, napi_value array) {
  void *start;
  return napi_get_typedarray_info(env, array, 0, 0, &start, 0, 0) ? 0 : start;
}

static napi_value address(napi_env env, napi_callback_info info) {
  napi_value args[MOST];
  return arguments(env, info, args) == 1 ? number(env, (u64)bytes(env, args[0])) : 0;
}
static napi_value install(napi_env env, napi_callback_info info) {
  napi_value args[MOST];
  desk_t *desk = arguments(env, info, args) == 1 + CALLBACKS ? bytes(env, args[0]) : 0;
  if (!desk) return 0;
  desk->host = (host_t){ask_allocate, ask_parallel, ask_attend, .stack_floor = stack_floor()};
  desk->env = env;
  for (int k = 0; k < CALLBACKS; k++)
    if (napi_create_reference(env, args[1 + k], 1, desk->callbacks + k)) return 0;
  return 0;
}
static napi_value open(napi_env env, napi_callback_info info) {
  napi_value args[MOST];
  char file[4096];
  if (arguments(env, info, args) != 1 || napi_get_value_string_utf8(env, args[0], file, sizeof file, 0)) return 0;
  void *library = dlopen(file, RTLD_NOW);
  if (library) return number(env, (u64)library);
  napi_throw_error(env, 0, dlerror());
  return 0;
}
static napi_value find(napi_env env, napi_callback_info info) {
  napi_value args[MOST];
  char name[64];
  if (arguments(env, info, args) != 2 || napi_get_value_string_utf8(env, args[1], name, sizeof name, 0)) return 0;
  return number(env, (u64)dlsym(pointer(env, args[0]), name));
}
static napi_value close(napi_env env, napi_callback_info info) {
  napi_value args[MOST];
  if (arguments(env, info, args) == 1) dlclose(pointer(env, args[0]));
  return 0;
}
static napi_value run(napi_env env, napi_callback_info info) {
  napi_value args[MOST];
  size_t count = arguments(env, info, args);
  if (count != 4 && count != MOST) return 0;
  void *code = pointer(env, args[0]);
  char *memory = pointer(env, args[1]);
  host_t *host = pointer(env, args[2]);
  i32 a[4];
  for (size_t k = 3; k < count; k++)
    if (napi_get_value_int32(env, args[k], a + k - 3)) return 0;
  if (!code || !host) return 0;
  i32 status = count == MOST
    ? ((i32 (*)(char *, host_t *, i32, i32, i32, i32))code)(memory, host, a[0], a[1], a[2], a[3])
    : ((i32 (*)(char *, host_t *, i32))code)(memory, host, a[0]);
  return number(env, status);
}

EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  static const struct { const char *name; napi_callback call; } functions[] = {
    {"address", address}, {"install", install}, {"open", open}, {"find", find}, {"close", close}, {"run", run},
  };
  napi_value made;
  for (size_t k = 0; k < sizeof functions / sizeof *functions; k++)
    if (napi_create_function(env, functions[k].name, -1, functions[k].call, 0, &made) ||
        napi_set_named_property(env, exports, functions[k].name, made)) return 0;
  made = number(env, sizeof(desk_t));
  if (made) napi_set_named_property(env, exports, "hostBytes", made);
  return exports;
}
`;
