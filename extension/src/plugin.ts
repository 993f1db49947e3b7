/**
 * What hotcell's figures have in JupyterLab besides their outputs: settings, which figures follow at
 * once, and commands in the palette and in the menu of a right click. Should it fail, or be disabled,
 * figures are drawn all the same.
 */
import { ICommandPalette } from "@jupyterlab/apputils";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import type { ServiceManager } from "@jupyterlab/services";
import type { Application, IPlugin } from "@lumino/application";
import type { Widget } from "@lumino/widgets";
import { setPreferences } from "./preferences.js";
import { loadVega } from "./views/picture.js";
import { buttonFor, type Deed, watchFigures } from "./selected-figure.js";

const ID = "hotcell-jupyterlab:plugin";
const CATEGORY = "hotcell Figures";

const COMMANDS: readonly (readonly [id: string, label: string, deed: Deed])[] = [
  ["hotcell:save-png", "Save Figure as PNG", "png"],
  ["hotcell:save-svg", "Save Figure as SVG", "svg"],
  ["hotcell:save-csv", "Save Data of Figure as CSV", "csv"],
  ["hotcell:show-data", "Show or Hide Data of Figure", "data"],
  ["hotcell:play", "Play or Pause Animation", "play"],
];

/** What hotcell's figures come from, by the name of its kernelspec. */
const KERNEL = "tslab";

/** What of JupyterLab's application is used besides that of every Lumino application. */
type Shell = Widget & { readonly currentWidget?: Widget | null };
type Lab = Application<Shell> & {
  readonly serviceManager?: Pick<ServiceManager.IManager, "sessions">;
};

const plugin: IPlugin<Lab, void> = {
  id: ID,
  description: "Settings and commands of hotcell's figures.",
  autoStart: true,
  optional: [ISettingRegistry, ICommandPalette],
  async activate(app: Lab, registry: ISettingRegistry | null, palette: ICommandPalette | null) {
    watchFigures();
    fetchEarly(app.serviceManager);
    for (const [id, label, deed] of COMMANDS) {
      const button = () => buttonFor(deed, app.shell.currentWidget?.node ?? app.shell.node);
      app.commands.addCommand(id, {
        label,
        isEnabled: () => button() !== undefined,
        execute: () => {
          button()?.click();
        },
      });
      palette?.addItem({ command: id, category: CATEGORY });
    }
    const settings = await registry?.load(ID);
    if (!settings) return;
    const take = (): void => {
      setPreferences(settings.composite);
    };
    settings.changed.connect(take);
    take();
  },
};

/** Has what draws pictures there before the first picture, once a kernel runs that may send one. */
function fetchEarly(services: Lab["serviceManager"]): void {
  services?.sessions.runningChanged.connect(function look(sessions, running): void {
    if (!running.some(({ kernel }) => kernel?.name === KERNEL)) return;
    sessions.runningChanged.disconnect(look);
    requestIdleCallback(() => void loadVega());
  });
}

export default plugin;
