import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Lab, shows } from "../support/lab.js";
import { animationPayload, heatmapPayload, tablePayload } from "../support/payloads.js";
import { isColor, Pixels } from "../support/pixels.js";

describe("settings and commands of figures in JupyterLab", function () {
  this.timeout(240_000);
  let lab: Lab;

  before("show figures that leave their colours to the reader", async () => {
    const { colorMap, ...plain } = heatmapPayload({ title: "no map" });
    const figures = [plain, { ...plain, colorMap }, animationPayload(), tablePayload()];
    lab = await Lab.open(figures.map((figure, i) => shows(figure, `figure${i}`)));
    await lab.page.emulateMedia({ reducedMotion: "reduce" });
    await lab.page.setViewportSize({ width: 1000, height: 2400 });
    await lab.runAll();
    await lab.drawn(3);
  });

  after("close the notebook", async () => {
    await lab.setting("colorMap", "viridis");
    await lab.setting("animationSpeed", 1);
    await lab.setting("pngScale", 2);
    await lab.close();
  });

  /** Whether a picture has the colour of its smallest cell somewhere. */
  async function has(picture: number, red: number, green: number, blue: number): Promise<boolean> {
    const pixels = new Pixels(await lab.canvases.nth(picture).screenshot());
    for (let y = 0; y < pixels.height; y += 7) {
      for (let x = 0; x < pixels.width * 0.8; x += 7) {
        if (isColor(pixels.at(x, y), [red, green, blue])) return true;
      }
    }
    return false;
  }

  const saved = async (command: string) => {
    const [download] = await Promise.all([lab.page.waitForEvent("download"), lab.command(command)]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };

  const select = (cell: number) => lab.page.locator(".jp-InputArea-prompt").nth(cell).click();

  it("give figures without a map the reader's, at once, and leave others alone", async () => {
    assert.ok(await has(0, 68, 1, 84));
    await lab.redrawn(() => lab.setting("colorMap", "cividis"));
    // cividis and viridis at 0, in matplotlib's tables
    assert.ok(await has(0, 0, 34, 77));
    assert.ok(await has(1, 68, 1, 84));
    await lab.screenshot("settings-cividis", lab.figures.first());
  });

  it("set the speed of animations, until the reader chooses one", async () => {
    const speed = lab.page.getByRole("combobox", { name: "Speed" });
    await lab.redrawn(() => lab.setting("animationSpeed", 0.5));
    assert.equal(await speed.inputValue(), "0.5");
    await speed.selectOption("2");
    await lab.redrawn(() => lab.setting("animationSpeed", 4));
    assert.equal(await speed.inputValue(), "2");
  });

  it("save the figure of the active cell, as finely as is set", async () => {
    await select(0);
    await lab.redrawn(() => lab.setting("pngScale", 3));
    const { name, bytes } = await saved("hotcell:save-png");
    assert.equal(name, "no-map.png");
    const { width } = (await lab.canvases.first().boundingBox())!;
    assert.equal(new Pixels(bytes).width, 3 * width);
    assert.equal((await saved("hotcell:save-svg")).bytes.toString().slice(0, 5), "<svg ");
    await select(3);
    assert.equal((await saved("hotcell:save-csv")).name, "convergence.csv");
  });

  it("show a figure's data and play an animation, and rest where there is none", async () => {
    await select(0);
    await lab.command("hotcell:show-data");
    await lab.figures.first().getByRole("table").waitFor();
    await lab.command("hotcell:show-data");
    assert.equal(await lab.isEnabled("hotcell:play"), false);
    await select(2);
    assert.equal(await lab.isEnabled("hotcell:play"), true);
    await lab.command("hotcell:play");
    await lab.page.getByRole("button", { name: "Pause" }).waitFor();
    await lab.command("hotcell:play");
    await lab.page.getByRole("button", { name: "Play" }).waitFor();
  });

  it("stand in the palette and in the menu of a right click", async () => {
    await lab.canvases.first().click({ button: "right" });
    await lab.page.getByRole("menuitem", { name: "Save Figure as PNG" }).waitFor();
    await lab.screenshot("context-menu");
    await lab.page.keyboard.press("Escape");
    await lab.command("apputils:activate-command-palette");
    await lab.page.keyboard.type("Save Figure as");
    await lab.page.locator(".lm-CommandPalette-item", { hasText: "Save Figure as SVG" }).waitFor();
    await lab.screenshot("palette");
    await lab.page.keyboard.press("Escape");
  });
});
