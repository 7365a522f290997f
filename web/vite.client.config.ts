import { defineConfig } from "vite";

/** The client library for calls from web pages: one ES module. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "client/dist",
    emptyOutDir: true,
    target: "es2020",
    minify: false,
    lib: { entry: "src/calls/index.ts", formats: ["es"], fileName: () => "web-calling.js" },
  },
});
