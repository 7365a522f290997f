import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import { useI18n, type I18n, type TextKey } from "../../i18n";
import { differences, effective, formOf, lengthOf, type Difference, type Path, type Source } from "./scenario";

interface Props {
  source: Source;
  variant: string;
  onRename: (name: string) => void;
  onRemove: () => void;
}

/** A variant's name, and what is different from the scenario, in words. */
export function VariantHead({ source, variant, onRename, onRemove }: Props): ReactNode {
  const { t, number } = useI18n();
  const [name, setName] = useState(variant);
  const taken = name.trim() !== variant && (!name.trim() || [...source.variants, source.value["name"]].includes(name.trim()));
  const found = differences(source.value, variant);
  const profiles = formOf(effective(source.value, variant)).staff.map((one) => one.profile);
  return (
    <Container header={<Header variant="h2" description={t("sim.variantHelp")} actions={<Button iconName="remove" onClick={onRemove}>{t("sim.removeVariant")}</Button>}>{t("sim.differences")}</Header>}>
      <div className="sim-variant">
        <FormField label={t("field.name")} errorText={taken ? t("sim.nameTaken") : undefined}>
          <Input value={name} onChange={({ detail }) => setName(detail.value)} onBlur={() => !taken && name.trim() !== variant && onRename(name.trim())} />
        </FormField>
        {found.length ? (
          <ul className="sim-differences">
            {found.map((one) => (
              <li key={one.path.join(" ")}>
                {placeInWords(one.path, profiles, t)} <span className="tabular">{valueInWords(one, one.before, t, number)} → <b>{valueInWords(one, one.after, t, number)}</b></span>
              </li>
            ))}
          </ul>
        ) : (
          <Box color="text-body-secondary">{t("sim.noChange")}</Box>
        )}
      </div>
    </Container>
  );
}

const KEYS: Record<string, TextKey> = {
  arrivals: "sim.perHour", handle: "sim.handle", wrap: "sim.wrap", patience: "sim.patience", limit: "sim.limit", count: "sim.agents", shift: "sim.shift", breaks: "sim.breaks",
  miss: "sim.miss", priority: "sim.priority", delay: "sim.delay", service_level: "sim.threshold", start: "sim.start", hours: "sim.hours", profile: "field.routingProfile", skills: "sim.skills",
};

/** A place in a scenario as the form calls it. `profiles`: those of its groups of agents. */
export function placeInWords(path: Path, profiles: string[], t: I18n["t"]): string {
  const [first, second, ...rest] = path;
  if (first === "variants" && second !== undefined) return `${second}${rest.length ? `: ${placeInWords(rest, profiles, t)}` : ""}`;
  const said = (steps: Path): string => steps.filter((step) => step !== "queues" && step !== "per_hour").map((step) => (KEYS[step] ? t(KEYS[step]) : String(step))).join(", ");
  if (first === "staff" && typeof second === "number") return `${t("sim.groupOf", { number: second + 1, text: profiles[second] ?? "" })}${rest.length ? `: ${said(rest)}` : ""}`;
  if (first === "queues" || first === "profiles") return `${second}${rest.length ? `: ${said(rest)}` : ""}`;
  return said(path);
}

function valueInWords({ path }: Difference, value: unknown, t: I18n["t"], number: I18n["number"]): string {
  if (value === undefined || value === null) return "–";
  if (path.at(-1) === "per_hour") {
    const rates = (Array.isArray(value) ? value : [value]).filter((one): one is number => typeof one === "number");
    return t("sim.meanRate", { rate: number(Math.round((rates.reduce((sum, one) => sum + one, 0) / Math.max(rates.length, 1)) * 10) / 10) });
  }
  const length = lengthOf(value);
  if (length && typeof value === "object") return `${number(Math.round(length.mean * 10) / 10)} ${t("sim.s")}`;
  if (path.at(-1) === "miss" && typeof value === "number") return `${number(value * 100)} %`;
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return value.map(String).join(", ") || "–";
  if (typeof value === "object" && "count" in value) return t("sim.agentsOf", { count: String(value.count) });
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
