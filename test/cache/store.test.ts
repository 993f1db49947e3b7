import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { cacheFolder } from "../../kernel-lib/dist/cache/folder.js";
import { hash } from "../../kernel-lib/dist/cache/key.js";
import { Store } from "../../kernel-lib/dist/cache/store.js";

const MEBIBYTE = 2 ** 20;
const isRoot = process.getuid?.() === 0;

describe("the store of compiled kernels", () => {
  let root: string;
  let folder: string;
  let complaints: string[];
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "hotcell-store-"));
    folder = path.join(root, "cache");
    complaints = [];
  });
  afterEach(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });

  const open = (limit = MEBIBYTE, where = folder): Store =>
    new Store(where, limit, (problem) => complaints.push(problem));
  const named = (n: number): string => `${hash(`content ${n}`)}.kernel`;
  const bytesOf = (n: number, length = 1000): Buffer => Buffer.alloc(length, `${n},`);
  const files = (): string[] => fs.readdirSync(folder).filter((name) => name !== "ledger.json");
  const age = (name: string, seconds: number): void => {
    const time = Date.now() / 1e3 - seconds;
    fs.utimesSync(path.join(folder, name), time, time);
  };

  it("gives back what was put, in another process also", () => {
    open().put(named(1), bytesOf(1));
    assert.deepEqual(open().get(named(1)), bytesOf(1));
    assert.equal(open().get(named(2)), undefined);
    assert.deepEqual(complaints, []);
  });

  it("keeps the empty content, and replaces one by another", () => {
    const store = open();
    store.put(named(1), Buffer.alloc(0));
    assert.equal(store.get(named(1))?.length, 0);
    store.put(named(1), bytesOf(2));
    assert.deepEqual(store.get(named(1)), bytesOf(2));
  });

  it("keeps folder and files from other users", () => {
    open().put(named(1), bytesOf(1));
    assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
    for (const name of fs.readdirSync(folder)) {
      assert.equal(fs.statSync(path.join(folder, name)).mode & 0o777, 0o600, name);
    }
  });

  it("takes nothing from a folder that others may write to, and says so", () => {
    open().put(named(1), bytesOf(1));
    fs.chmodSync(folder, 0o777);
    const store = open();
    assert.equal(store.get(named(1)), undefined);
    store.put(named(2), bytesOf(2));
    assert.equal(files().length, 1);
    assert.match(complaints[0]!, /other users may write/);
  });

  it("takes nothing from a folder of another user, and says so", function () {
    if (!isRoot) {
      console.log("      not checked: only root can give a folder away");
      this.skip();
    }
    open().put(named(1), bytesOf(1));
    fs.chownSync(folder, 12345, 12345);
    assert.equal(open().get(named(1)), undefined);
    assert.match(complaints[0]!, /belongs to another user/);
  });

  it("treats a file cut short at any length as missing, and removes it", () => {
    const content = bytesOf(1, 40);
    open().put(named(1), content);
    const file = path.join(folder, named(1));
    const whole = fs.readFileSync(file);
    for (let length = 0; length < whole.length; length++) {
      fs.writeFileSync(file, whole.subarray(0, length));
      assert.equal(open().get(named(1)), undefined, `${length} bytes`);
      assert.equal(fs.existsSync(file), false);
    }
  });

  it("treats a file with any bit flipped as missing, and removes it", () => {
    open().put(named(1), bytesOf(1, 40));
    const file = path.join(folder, named(1));
    const whole = fs.readFileSync(file);
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      fs.writeFileSync(file, flipped);
      assert.equal(open().get(named(1)), undefined, `bit ${bit}`);
      assert.equal(fs.existsSync(file), false);
    }
  });

  it("treats a file under another's name, and a folder in a file's place, as missing", () => {
    const store = open();
    store.put(named(1), bytesOf(1));
    fs.renameSync(path.join(folder, named(1)), path.join(folder, named(2)));
    assert.equal(store.get(named(2)), undefined);
    fs.mkdirSync(path.join(folder, named(3)));
    assert.equal(store.get(named(3)), undefined);
    store.put(named(3), bytesOf(3));
    assert.equal(complaints.length, 1);
  });

  it("removes what was used longest ago once the limit is passed", () => {
    const limit = 20_000;
    const store = open(limit);
    for (let n = 0; n < 15; n++) {
      store.put(named(n), bytesOf(n));
      age(named(n), 1e5 - n);
    }
    assert.deepEqual(store.get(named(0)), bytesOf(0));
    for (let n = 15; n < 30; n++) store.put(named(n), bytesOf(n));
    const bytes = store.entries().reduce((sum, entry) => sum + entry.bytes, 0);
    assert.ok(bytes <= limit, `${bytes} bytes`);
    assert.equal(store.get(named(1)), undefined);
    assert.deepEqual(store.get(named(0)), bytesOf(0));
    assert.deepEqual(store.get(named(29)), bytesOf(29));
  });

  it("doesn't keep what alone passes the limit", () => {
    const store = open(500);
    store.put(named(1), bytesOf(1));
    assert.equal(store.get(named(1)), undefined);
  });

  it("counts anew when its ledger is missing or broken", () => {
    const ledger = path.join(folder, "ledger.json");
    const store = open(5000);
    for (const text of ["", "{", '{"bytes":"many"}', '{"bytes":0}', undefined]) {
      for (let n = 0; n < 4; n++) store.put(named(n), bytesOf(n));
      if (text === undefined) fs.rmSync(ledger);
      else fs.writeFileSync(ledger, text);
      for (let n = 4; n < 8; n++) store.put(named(n), bytesOf(n));
      const bytes = store.entries().reduce((sum, entry) => sum + entry.bytes, 0);
      assert.ok(bytes <= 5000, `${bytes} bytes after ${String(text)}`);
    }
  });

  it("forgets everything when cleared, but leaves what isn't its own", () => {
    const store = open();
    store.put(named(1), bytesOf(1));
    fs.writeFileSync(path.join(folder, "thesis.tex"), "x");
    store.clear();
    assert.deepEqual(fs.readdirSync(folder), ["thesis.tex"]);
  });

  /** Runs a program that has the store as `store`, until it ends or says something. */
  function writer(program: string): ChildProcess {
    const modules = path.resolve(__dirname, "../../kernel-lib/dist/cache");
    const setup = `
      const { Store } = require(${JSON.stringify(path.join(modules, "store.js"))});
      const { hash } = require(${JSON.stringify(path.join(modules, "key.js"))});
      const store = new Store(${JSON.stringify(folder)}, 1e9, (problem) => { console.error(problem); process.exitCode = 1; });
      const named = (n) => hash("content " + n) + ".kernel";
      const bytesOf = (n, length = 1000) => Buffer.alloc(length, n + ",");`;
    return spawn(process.execPath, ["-e", setup + program], { stdio: ["pipe", "pipe", "inherit"] });
  }

  it("holds whole files whatever several processes write and read at once", async () => {
    // each writes the same names over and over, with contents of different lengths, and reads the others'
    const program = `
      for (let round = 0; round < 60; round++) {
        for (let n = 0; n < 5; n++) {
          store.put(named(n), bytesOf(n, 50_000 + 7 * process.pid % 1000));
          const got = store.get(named(n));
          if (!got || !got.equals(bytesOf(n, got.length))) { console.error("lost", n, round); process.exitCode = 2; }
        }
      }`;
    const codes = await Promise.all(
      Array.from({ length: 3 }, () =>
        once(writer(program), "exit").then(([code]) => code as number),
      ),
    );
    assert.deepEqual(codes, [0, 0, 0]);
    assert.equal(files().length, 5);
    for (let n = 0; n < 5; n++) {
      const got = open().get(named(n))!;
      assert.deepEqual(got, bytesOf(n, got.length));
    }
  });

  it("survives writers that are killed, and cleans up after them", async () => {
    for (let n = 0; n < 8; n++) {
      const before = new Set(fs.existsSync(folder) ? files() : []);
      const child = writer(
        `for (let round = 0; round < 300; round++) store.put(named(round % 3), bytesOf(round % 3, 3e7));`,
      );
      const ended = once(child, "exit");
      const isWriting = (): boolean =>
        fs.existsSync(folder) && files().some((name) => name.endsWith(".tmp") && !before.has(name));
      while (child.exitCode === null && !isWriting()) await new Promise(setImmediate);
      child.kill("SIGKILL");
      await ended;
    }
    const left = files().filter((name) => name.endsWith(".tmp"));
    assert.ok(left.length > 0, "no writer was killed in the middle");
    const store = open(1e9);
    for (let n = 0; n < 3; n++) {
      const got = store.get(named(n));
      if (got) assert.ok(got.equals(bytesOf(n, 3e7)));
    }
    for (const name of left) age(name, 3600);
    fs.rmSync(path.join(folder, "ledger.json"), { force: true });
    store.put(named(9), bytesOf(9));
    assert.deepEqual(
      files().filter((name) => name.endsWith(".tmp")),
      [],
    );
    assert.deepEqual(store.get(named(9)), bytesOf(9));
  });

  it("goes on without a folder that can't be made, and says why", () => {
    fs.writeFileSync(path.join(root, "file"), "");
    const store = open(MEBIBYTE, path.join(root, "file", "cache"));
    store.put(named(1), bytesOf(1));
    assert.equal(store.get(named(1)), undefined);
    assert.match(complaints[0]!, /ENOTDIR/);
  });

  /** Mounts a file system on the folder, for as long as the work takes; says so where that can't be done. */
  function mounted(context: Mocha.Context, options: readonly string[], work: () => void): void {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      execFileSync("mount", [...options, folder], { stdio: "pipe" });
    } catch (error) {
      console.log(`      not checked: can't mount (${(error as Error).message.split("\n")[0]!})`);
      context.skip();
    }
    try {
      work();
    } finally {
      execFileSync("umount", [folder]);
    }
  }

  it("reads from a read-only folder, and says that it can't write", function () {
    open().put(named(1), bytesOf(1));
    mounted(this, ["--bind", folder], () => {
      execFileSync("mount", ["-o", "remount,bind,ro", folder]);
      const store = open();
      assert.deepEqual(store.get(named(1)), bytesOf(1));
      store.put(named(2), bytesOf(2));
      assert.equal(store.get(named(2)), undefined);
      store.clear();
      assert.deepEqual(store.get(named(1)), bytesOf(1));
      assert.match(complaints[0]!, /EROFS/);
    });
  });

  it("goes on on a full disk, leaves no part of a file there, and says why", function () {
    const options = ["-t", "tmpfs", "-o", "size=256k,mode=0700", "tmpfs"];
    mounted(this, options, () => {
      const store = open();
      store.put(named(1), bytesOf(1));
      store.put(named(2), bytesOf(2, 400_000));
      assert.match(complaints[0]!, /ENOSPC/);
      assert.equal(store.get(named(2)), undefined);
      assert.deepEqual(files(), [named(1)]);
      assert.deepEqual(store.get(named(1)), bytesOf(1));
    });
  });
});

describe("the folder of the cache", () => {
  it("is the one that the user names, else the one that the system has for caches", () => {
    const home = os.homedir();
    const folders = [
      cacheFolder({ HOTCELL_CACHE_DIR: "/data/kernels", XDG_CACHE_HOME: "/x" }, "linux"),
      cacheFolder({ HOTCELL_CACHE_DIR: "", XDG_CACHE_HOME: "/x" }, "linux"),
      cacheFolder({ XDG_CACHE_HOME: "relative" }, "linux"),
      cacheFolder({}, "linux"),
      cacheFolder({}, "darwin"),
    ];
    assert.deepEqual(folders, [
      "/data/kernels",
      "/x/hotcell",
      path.join(home, ".cache", "hotcell"),
      path.join(home, ".cache", "hotcell"),
      path.join(home, "Library", "Caches", "hotcell"),
    ]);
    assert.match(
      cacheFolder({ LOCALAPPDATA: "C:\\Users\\ada\\Local" }, "win32"),
      /^C:.*hotcell.Cache$/,
    );
  });
});
