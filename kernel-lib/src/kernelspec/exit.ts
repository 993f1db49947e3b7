/**
 * Repair: `process.exit()` in a cell is an error of that cell. In stock tslab it ends the kernel, and
 * all that the user sees is that every variable is gone.
 */
export function repairExit(): void {
  process.exit = (code) => {
    throw new Error(
      `process.exit(${code ?? ""}) would end this kernel and lose its variables; ` +
        "throw an error to end the cell, or shut the kernel down in the Kernel menu",
    );
  };
}
