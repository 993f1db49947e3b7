import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findChromium, requireChromium } from "../../scripts/chromium.mjs";

describe("the look-up of Chromium", () => {
  const { CHROMIUM_PATH, PATH } = process.env;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "hotcell-path-"));
    delete process.env.CHROMIUM_PATH;
    process.env.PATH = folder;
  });

  afterEach(() => {
    process.env.PATH = PATH;
    if (CHROMIUM_PATH !== undefined) process.env.CHROMIUM_PATH = CHROMIUM_PATH;
    else delete process.env.CHROMIUM_PATH;
    rmSync(folder, { recursive: true });
  });

  function browser(name: string): string {
    const file = path.join(folder, name);
    writeFileSync(file, "");
    chmodSync(file, 0o755);
    return file;
  }

  it("takes the one that CHROMIUM_PATH names", () => {
    browser("chromium");
    process.env.CHROMIUM_PATH = browser("my-browser");
    assert.equal(findChromium(), process.env.CHROMIUM_PATH);
  });

  it("says that CHROMIUM_PATH is wrong instead of looking elsewhere", () => {
    browser("chromium");
    process.env.CHROMIUM_PATH = path.join(folder, "missing");
    assert.throws(findChromium, /CHROMIUM_PATH is .*missing.*correct or unset it/);
  });

  it("finds one on PATH, but neither a folder nor a file that can't run", () => {
    mkdirSync(path.join(folder, "chromium"));
    writeFileSync(path.join(folder, "chromium-browser"), "", { mode: 0o644 });
    assert.equal(findChromium(), undefined);
    const chrome = browser("google-chrome");
    assert.equal(findChromium(), chrome);
  });

  it("says in one line what to do where there is none", () => {
    assert.throws(requireChromium, (error: Error) => {
      assert.match(error.message, /no Chromium found.*CHROMIUM_PATH/);
      return !error.message.includes("\n");
    });
  });
});
