import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");

describe("the documents", () => {
  for (const file of ["README.md", "ARCHITECTURE.md"]) {
    const text = fs.readFileSync(path.join(root, file), "utf8");

    it(`link to files that are there: ${file}`, () => {
      const links = [...text.matchAll(/\]\(([^)]+)\)|src="([^"]+)"/g)].map((m) => m[1] ?? m[2]!);
      const missing = links
        .filter((link) => !/^https?:/.test(link))
        .filter((link) => !fs.existsSync(path.join(root, link)));
      assert.deepEqual(missing, []);
    });

    it(`name scripts and folders that are there: ${file}`, () => {
      const { scripts } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
        scripts: Record<string, string>;
      };
      const named = [...text.matchAll(/npm run ([a-z]+)/g)].map((m) => m[1]!);
      assert.deepEqual(
        named.filter((name) => !(name in scripts)),
        [],
      );
      const folders = [...text.matchAll(/`((?:[a-z-]+\/)+)`/g)]
        .map((m) => m[1]!)
        .filter((folder) => !folder.startsWith("build/"));
      const places = [root, path.join(root, "kernel-lib", "src")];
      assert.deepEqual(
        folders.filter((folder) => !places.some((at) => fs.existsSync(path.join(at, folder)))),
        [],
      );
    });
  }
});
