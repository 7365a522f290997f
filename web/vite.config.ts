import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env["SWITCHROOM_ORIGIN"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/switchroom/web",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 1500,
    rollupOptions: { input: ["index.html", "workspace.html", "ccp.html", "test-chat.html", "endpoint-test.html"] },
  },
  server: {
    proxy: {
      // Everything that is not a page or a source of the development server belongs to the door.
      "^/(?!$|\\?|src/|node_modules/|@|index.html|workspace|ccp.html|test-chat|endpoint-test).*": { target: server, ws: true },
    },
  },
});
