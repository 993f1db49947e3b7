/**
 * Repair: compiled cells keep the user's lines. tslab compiles without source maps and in two
 * steps; here both steps make one, and the result is laid out again by them. Also recognises
 * `await (expr)`, `await [...]` and `for await` outside of functions, which tslab overlooks.
 */
import { SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";
import { kernel } from "./cell.js";
import { type Layout, layOut, type Position } from "./layout.js";
import type { Conversion, ConverterModule, TypeScriptModule } from "./tslab.js";
import { MismatchError, wrap } from "./wrap.js";

/** The file name under which tslab compiles every cell. */
const CELL_FILE = "__tslab__.ts";
/** tslab puts this line before what the user wrote, */
const PREFIX = "export {};\n";
/** and a line that begins so after it. */
const SUFFIX = /\nexport \{[^\n]*\}$/;
const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/;

/**
 * The value of an `await` outside of functions passes through this: a cell that was interrupted
 * while it waited ends when it would go on.
 */
const RESUMED = "__tslab__.hotcellResumed(";

/** TypeScript as the converter shall see it: with source maps, and laid out by them. */
export function mapped<TypeScript extends TypeScriptModule>(typescript: TypeScript): TypeScript {
  const { createWatchCompilerHost, transpileModule } = typescript;
  if (typeof createWatchCompilerHost !== "function" || typeof transpileModule !== "function") {
    throw new MismatchError("TypeScript has no createWatchCompilerHost or transpileModule");
  }
  const outDir = path.join(process.cwd(), "outDir");
  const replaced: TypeScriptModule = {
    createWatchCompilerHost: (rootFiles, options, ...rest) =>
      createWatchCompilerHost(
        rootFiles,
        { ...options, inlineSourceMap: true, inlineSources: true },
        ...rest,
      ),
    transpileModule(input, options) {
      const compiled = INLINE_MAP.exec(input);
      const encoded = compiled?.[1];
      if (encoded === undefined) return transpileModule(input, options);
      const first = JSON.parse(Buffer.from(encoded, "base64").toString()) as SourceMapPayload;
      const result = transpileModule(input.slice(0, compiled?.index), {
        ...options,
        compilerOptions: { ...options.compilerOptions, sourceMap: true },
      });
      const file = path.resolve(outDir, first.sources[0] ?? "");
      const isCell = path.basename(file) === CELL_FILE;
      try {
        const layout = layOut(
          result.outputText,
          origins(first, JSON.parse(result.sourceMapText ?? "") as SourceMapPayload),
          isCell && kernel.cell ? `${RESUMED}${kernel.cell.number}, ` : undefined,
        );
        if (isCell && kernel.cell) kernel.cell.layout = layout;
        return { outputText: isCell ? layout.code : named(layout, file) };
      } catch (error) {
        // Code that can't be laid out still runs, with compiled lines in its stacks.
        if (!(error instanceof SyntaxError)) throw error;
        return result;
      }
    },
  };
  // TypeScript's own properties can't be replaced; tslab copies whatever module it gets.
  const descriptors = Object.getOwnPropertyDescriptors(typescript);
  return Object.create(Object.prototype, {
    ...descriptors,
    ...Object.getOwnPropertyDescriptors(replaced),
  }) as TypeScript;
}

/** Makes the converter say of every cell that awaits that it does. */
export function repairAwait(converter: ConverterModule): void {
  wrap(converter, "createConverter", 1, (createConverter) => (options) => {
    const made = createConverter(options);
    wrap(made, "convert", 2, (convert) => (declarations, source): Conversion => {
      const conversion = convert(declarations, source);
      if (kernel.cell?.layout?.awaits === true) conversion.hasToplevelAwait = true;
      return conversion;
    });
    return made;
  });
}

/** A module file of the user is named as it was written, not as it was compiled. */
function named({ code }: Layout, file: string): string {
  return `${code}\n//# sourceURL=${file}`;
}

/** From positions after the second step back through the first to what the user wrote. */
function origins(first: SourceMapPayload, second: SourceMapPayload) {
  const steps = [new SourceMap(second), new SourceMap(first)];
  const [source = ""] = (first as { sourcesContent?: string[] }).sourcesContent ?? [];
  const before = source.startsWith(PREFIX) ? 1 : 0;
  const end = source.split("\n").length - (before > 0 && SUFFIX.test(source) ? 1 : 0);
  return ({ line, column }: Position): Position | undefined => {
    for (const step of steps) {
      const entry = step.findEntry(line, column);
      // An entry before the position says nothing about it: what is made up by the compiler has none.
      if (!("originalLine" in entry)) return undefined;
      if (entry.generatedLine !== line || entry.generatedColumn !== column) return undefined;
      line = entry.originalLine;
      column = entry.originalColumn;
    }
    return line >= before && line < end ? { line: line - before, column } : undefined;
  };
}
