import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const script = path.resolve(__dirname, "../../scripts/start.mjs");

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function answer(url: string): Promise<Response> {
  for (let tries = 0; tries < 600; tries++) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return response;
    await sleep(100);
  }
  throw new Error(`${url} doesn't answer`);
}

describe("npm start", () => {
  it("opens JupyterLab on the walk-throughs, with the arguments that it is given", async () => {
    const port = await freePort();
    const token = "started-by-a-test";
    const args = ["--no-browser", "--port", String(port), `--IdentityProvider.token=${token}`];
    const lab = spawn(process.execPath, [script, ...args], { stdio: "ignore" });
    const ended = once(lab, "exit");
    try {
      const at = (api: string): string => `http://127.0.0.1:${port}/api/${api}?token=${token}`;
      const { content } = (await (await answer(at("contents"))).json()) as {
        content: { name: string }[];
      };
      assert.ok(content.some(({ name }) => name === "01-parallel-integration.ipynb"));
      const { kernelspecs } = (await (await answer(at("kernelspecs"))).json()) as {
        kernelspecs: Record<string, { spec: { argv: string[] } }>;
      };
      assert.ok(kernelspecs.tslab?.spec.argv.some((arg) => arg.endsWith("preload.js")));
      const labextensions = `http://127.0.0.1:${port}/lab/extensions/hotcell-jupyterlab/package.json`;
      assert.equal((await answer(`${labextensions}?token=${token}`)).status, 200);
    } finally {
      lab.kill("SIGTERM");
      await ended;
    }
    await assert.rejects(fetch(`http://127.0.0.1:${port}/api`), "JupyterLab goes on");
  });
});
