import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: ["**/dist/", "**/lib/", "**/labextension/", "build/", ".venv/", "**/node_modules/"],
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-non-null-assertion": "off",
      // `require` inside a function is how a heavy library loads on first use (ARCHITECTURE.md)
      "@typescript-eslint/no-require-imports": "off",
    },
  },
  { files: ["**/*.{mjs,cjs,js}"], extends: [tseslint.configs.recommended] },
  {
    files: ["**/*.cjs"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  prettier,
);
