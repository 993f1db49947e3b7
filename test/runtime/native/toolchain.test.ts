/** How the C compiler is found, and what happens where there is none or it fails. Needs gcc or clang. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { toolchain, type Toolchain } from "../../../kernel-lib/dist/runtime/native/toolchain.js";

const cc = execFileSync("sh", ["-c", "command -v cc || command -v gcc || command -v clang"], {
  encoding: "utf8",
}).trim();

/** A process that compiles a kernel and says what it became. */
const program = `
const { jit, prange } = require("hotcell");
const squares = jit((n) => {
  let total = 0;
  for (const i of prange(n)) total += i * i;
  return total;
}, JSON.parse(process.argv[1]));
try {
  console.log(squares(10), squares.inspect("asm").length > 0);
} catch (error) {
  console.log(error.name, error.message, squares.signatures.length);
}`;

describe("the C compiler", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "hotcell-cc-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function found(env: NodeJS.ProcessEnv): Toolchain {
    const tools = toolchain(env);
    if ("problem" in tools) assert.fail(tools.problem);
    return tools;
  }

  function script(name: string, text: string): void {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(folder, name), 0o755);
  }

  /** What the program says, with nothing but the folder on its PATH. */
  function run(options: object, env: NodeJS.ProcessEnv = {}): { stdout: string; stderr: string } {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["-e", program, JSON.stringify(options)],
      {
        encoding: "utf8",
        env: { PATH: folder, HOTCELL_CACHE_DIR: path.join(folder, "cache"), ...env },
      },
    );
    return { stdout, stderr };
  }

  it("is cc before gcc before clang, and what CC names before all", () => {
    for (const name of ["cc", "gcc", "clang"]) symlinkSync(cc, path.join(folder, name));
    const named = (env: NodeJS.ProcessEnv): string => path.basename(found(env).command[0]);
    assert.equal(named({ PATH: folder }), "cc");
    assert.equal(named({ PATH: folder, CC: "clang" }), "clang");
    assert.equal(named({ PATH: "", CC: cc }), path.basename(cc));
    rmSync(path.join(folder, "cc"));
    assert.equal(named({ PATH: `${folder}:/nowhere` }), "gcc");
  });

  it("is passed over where it doesn't work", () => {
    script("cc", "exit 1");
    symlinkSync(cc, path.join(folder, "gcc"));
    assert.equal(path.basename(found({ PATH: folder }).command[0]), "gcc");
  });

  it("says what it is and what the processor has", () => {
    const { name, lanes, fingerprint } = found({ PATH: path.dirname(cc), CC: cc });
    assert.match(name, /^(gcc|clang) \d+/);
    assert.ok([2, 4, 8].includes(lanes));
    assert.match(fingerprint, /^[0-9a-f]{64}$/);
  });

  it("takes the words of CC apart", () => {
    const { command, fingerprint } = found({ PATH: path.dirname(cc), CC: `${cc} -DWORD=1` });
    assert.deepEqual(command, [cc, "-DWORD=1"]);
    assert.notEqual(fingerprint, found({ PATH: "", CC: cc }).fingerprint);
  });

  it("is missing: kernels run as WebAssembly, which is said once", () => {
    const { stdout, stderr } = run({});
    assert.match(stdout, /^NativeCodeError the kernel is WebAssembly/);
    assert.match(stderr, /run as WebAssembly.*there is no C compiler: install gcc or clang/s);
    assert.equal(stderr.match(/there is no C compiler/g)?.length, 1);
    assert.equal(run({ target: "wasm" }).stderr, "");
  });

  it("is missing: native code that was asked for is an error that says what to do", () => {
    const { stdout } = run({ target: "native" });
    assert.match(stdout, /^NativeCodeError there is no C compiler: install gcc or clang.* 0\n$/);
    assert.match(run({ target: "native" }, { CC: "nothing" }).stdout, /CC is 'nothing'/);
  });

  it("fails: its first complaint is shown, and the kernel runs as WebAssembly", () => {
    script(
      "cc",
      `case "$*" in *-dM*) exec ${cc} "$@";; *) echo "x.c:1:1: error: no luck" >&2; exit 1;; esac`,
    );
    const env = { PATH: `${folder}:${process.env.PATH ?? ""}` };
    const { stdout, stderr } = run({ cache: false }, env);
    assert.match(stdout, /^NativeCodeError the kernel is WebAssembly/);
    assert.match(stderr, /cc failed: x\.c:1:1: error: no luck/);
    const asked = run({ target: "native" }, env);
    assert.match(asked.stdout, /^NativeCodeError .*cc failed: x\.c:1:1: error: no luck/);
  });
});
