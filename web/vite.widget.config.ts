import { defineConfig } from "vite";

/** The customer widget: one file without a framework, at a stable address. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../src/switchroom/web/widget",
    emptyOutDir: true,
    target: "es2020",
    lib: { entry: "src/widget/index.ts", formats: ["iife"], name: "SwitchroomChat", fileName: () => "switchroom-chat.js" },
  },
});
