import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import { useI18n } from "../i18n";

/** What stands around a form for somebody who has not signed in: the name of the product, and the other language. */
export function SignInFrame({ children }: { children: ReactNode }): ReactNode {
  const { language, setLanguage } = useI18n();
  return (
    <main className="sign-in">
      <img src="/favicon.svg" alt="" width="56" height="56" />
      <Box variant="h1" textAlign="center">
        Switchroom
      </Box>
      {children}
      <Button variant="inline-link" onClick={() => setLanguage(language === "ja" ? "en" : "ja")}>
        {language === "ja" ? "English" : "日本語"}
      </Button>
    </main>
  );
}
