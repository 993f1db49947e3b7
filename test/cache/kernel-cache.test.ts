import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { inspect } from "node:util";
import {
  cachedArtifact,
  setCacheNotice,
  textMemo,
} from "../../kernel-lib/dist/cache/kernel-cache.js";
import { cacheInfo, clearCache } from "hotcell";
import { artifact, request } from "./requests.js";

describe("the cache of compiled kernels", () => {
  let folder: string;
  const names = ["HOTCELL_CACHE_DIR", "HOTCELL_CACHE_LIMIT"];
  const before = names.map((name) => process.env[name]);
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "hotcell-kernels-"));
    process.env["HOTCELL_CACHE_DIR"] = folder;
  });
  afterEach(() => {
    // one by one: another object in the place of process.env would no longer be the workers'
    names.forEach((name, i) => {
      if (before[i] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[i];
    });
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const made = artifact(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const never = (): never => assert.fail("compiled again");

  it("compiles a kernel once", () => {
    const first = cachedArtifact(request("(x) => x + 1"), () => made);
    assert.deepEqual(first, { artifact: made, fromCache: false });
    const second = cachedArtifact(request("(x) => x + 1"), never);
    assert.deepEqual(second, { artifact: made, fromCache: true });
  });

  it("finds a kernel whose comments changed, and compiles one whose code did", () => {
    cachedArtifact(request("(x) => x + 1"), () => made);
    cachedArtifact(request("(x) => x + 1 // more"), never);
    const other = artifact(Uint8Array.of(1));
    assert.equal(cachedArtifact(request("(x) => x + 2"), () => other).artifact, other);
  });

  it("gives bytes in a buffer of their own, which shares no memory with other files", () => {
    cachedArtifact(request("(x) => x"), () => made);
    const { code } = cachedArtifact(request("(x) => x"), never).artifact;
    assert.equal(code.byteOffset, 0);
    assert.equal(code.buffer.byteLength, code.length);
    assert.deepEqual(code, made.code);
  });

  it("compiles again when the kernel's file was spoilt, and keeps it anew", () => {
    cachedArtifact(request("(x) => x"), () => made);
    for (const name of fs.readdirSync(folder)) fs.writeFileSync(path.join(folder, name), "spoilt");
    assert.equal(cachedArtifact(request("(x) => x"), () => made).fromCache, false);
    assert.equal(cachedArtifact(request("(x) => x"), never).fromCache, true);
  });

  it("keeps nothing of a compilation that failed", () => {
    const fail = (): never => {
      throw new RangeError("no");
    };
    assert.throws(() => cachedArtifact(request("(x) => x"), fail), RangeError);
    assert.equal(cacheInfo().entries, 0);
  });

  it("tells what it holds, readably", () => {
    const { hits, misses } = cacheInfo();
    cachedArtifact(request("(x) => x"), () => made);
    cachedArtifact(request("(x) => x"), never);
    const info = cacheInfo();
    assert.equal(info.directory, folder);
    assert.equal(info.entries, 1);
    assert.equal(info.limit, 256 * 2 ** 20);
    assert.deepEqual([info.hits - hits, info.misses - misses], [1, 1]);
    assert.match(inspect(info), /^1 kernel, 0\.0 of 256\.0 MiB in .*; \d+ found, \d+ compiled$/);
    clearCache();
    assert.deepEqual([cacheInfo().entries, cacheInfo().bytes], [0, 0]);
  });

  it("takes its limit from the environment", () => {
    process.env["HOTCELL_CACHE_LIMIT"] = "0.5";
    assert.equal(cacheInfo().limit, 2 ** 19);
    process.env["HOTCELL_CACHE_LIMIT"] = "plenty";
    assert.equal(cacheInfo().limit, 256 * 2 ** 20);
  });

  it("says once that it can keep nothing, and works without", () => {
    fs.writeFileSync(path.join(folder, "file"), "");
    process.env["HOTCELL_CACHE_DIR"] = path.join(folder, "file", "cache");
    const said: string[] = [];
    setCacheNotice((message) => said.push(message));
    for (let n = 0; n < 3; n++) {
      assert.equal(cachedArtifact(request("(x) => x"), () => made).fromCache, false);
    }
    assert.equal(said.length, 1);
    assert.match(said[0]!, /aren't kept in .*ENOTDIR.*set HOTCELL_CACHE_DIR/);
  });

  it("remembers what was found in a text", () => {
    assert.equal(textMemo.get("(x) => x"), undefined);
    textMemo.put("(x) => x", { names: ["k"] });
    assert.deepEqual(textMemo.get("(x) => x"), { names: ["k"] });
  });

  it("needs no parser for an unchanged kernel in a fresh process", () => {
    const dist = path.resolve(__dirname, "../../kernel-lib/dist");
    const program = `
      const { readKernel } = require(${JSON.stringify(path.join(dist, "capture/kernel-source.js"))});
      const { cachedArtifact, textMemo } = require(${JSON.stringify(path.join(dist, "cache/kernel-cache.js"))});
      const sigma = 2, twice = (x) => x * sigma;
      const kernel = (x) => Math.sqrt(twice(x));
      const recognised = { intrinsics: new Map([[Math.sqrt, "Math.sqrt"]]), unwrap: (fn) => fn, arrayType: () => undefined, outlines: textMemo };
      const { source } = readKernel(kernel, recognised);
      const { fromCache } = cachedArtifact({ kernel: source, args: [{ type: "number" }], options: {} }, () => ({ code: Uint8Array.of(7) }));
      const parsers = Object.keys(require.cache).filter((file) => /node_modules.(acorn|eslint-scope|esrecurse|estraverse)/.test(file));
      console.log(JSON.stringify({ fromCache, parsers: parsers.length > 0 }));`;
    const run = (): unknown =>
      JSON.parse(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }));
    assert.deepEqual(run(), { fromCache: false, parsers: true });
    assert.deepEqual(run(), { fromCache: true, parsers: false });
  });
});
