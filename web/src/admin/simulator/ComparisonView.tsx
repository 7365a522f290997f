import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { SimulationReport } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { Chooser, namesOf } from "./ChartsView";
import { direction, given, inWords, KEY_FIGURES, margin, QUEUE_FIGURES, shown, signed, titleOf, worth, type Estimate, type Estimates } from "./figures";

/** The figures of one scenario over all queues, or of one queue. */
interface Figures {
  name: string;
  found: Estimates;
  differences?: Estimates;
}

/** The whole day in figures: the scenario and its variants side by side, and what each variant changes, in words. */
export function ComparisonView({ reports }: { reports: SimulationReport[] }): ReactNode {
  const { t } = useI18n();
  const [queue, setQueue] = useState("");
  const [base, ...variants] = reports;
  if (!base) return null;
  const all = t("sim.allQueues");
  const names = namesOf(reports, "Queues");
  const shownOf = (report: SimulationReport): Figures =>
    queue
      ? { name: report.Name, found: report.Queues.find((one) => one.Name === queue)?.Total ?? {}, differences: report.QueueDifferences?.[queue] }
      : { name: report.Name, found: report.All, differences: report.Differences };
  return (
    <SpaceBetween size="l">
      {variants.length > 0 && <div className="sim-variants">{variants.map((variant, at) => <Words key={variant.Name} figures={shownOf(variant)} colour={at + 1} about={queue ? t("sim.wordsOf", { base: base.Name, queue }) : t("sim.wordsHelp", { base: base.Name })} />)}</div>}
      <Container
        header={
          <Header
            variant="h2" description={t("sim.figuresHelp", { count: base.Replications, seconds: base.ServiceLevelSeconds })}
            actions={names.length > 1 && <Chooser label={t("sim.figuresOf")} names={[all, ...names]} value={queue || all} onChange={(name) => setQueue(name === all ? "" : name)} />}
          >
            {t("sim.figures")}
          </Header>
        }
      >
        <FiguresTable figures={reports.map(shownOf)} occupancies={queue ? [] : occupancies(reports)} />
      </Container>
    </SpaceBetween>
  );
}

function Words({ figures, about, colour }: { figures: Figures; about: string; colour: number }): ReactNode {
  const writer = useI18n();
  const found = figures.differences ?? {};
  const sorted = KEY_FIGURES.filter((figure) => found[figure]).sort((one, other) => Math.abs(direction(found[other])) - Math.abs(direction(found[one])));
  return (
    <Container fitHeight header={<Header variant="h2" description={about}><i className={`sim-swatch sim-colour-${colour}`} /> {figures.name}</Header>}>
      <ul className="sim-words">
        {sorted.map((figure) => {
          const good = worth(figure, found[figure]);
          return (
            <li key={figure}>
              <StatusIndicator type={good > 0 ? "success" : good < 0 ? "warning" : "info"} colorOverride={good === 0 ? "grey" : undefined}>{inWords(figure, found[figure]!, writer)}</StatusIndicator>
            </li>
          );
        })}
      </ul>
    </Container>
  );
}

/** A row a figure; each scenario's mean with its margin, on one scale, and the difference beneath. */
function FiguresTable({ figures, occupancies }: { figures: Figures[]; occupancies: Occupancy[] }): ReactNode {
  const writer = useI18n();
  const { t } = writer;
  const [all, setAll] = useState(false);
  const cell = ({ found, differences }: Figures, figure: string): ReactNode => {
    const difference = differences?.[figure];
    const good = worth(figure, difference);
    return (
      <>
        <b className="tabular">{shown(figure, found[figure]?.Mean, writer)}</b> <Box variant="small" color="text-body-secondary">{margin(figure, found[figure], writer)}</Box>
        {difference && given(difference.Mean) && (
          <div className={`sim-change tabular ${good > 0 ? "sim-good" : good < 0 ? "sim-bad" : ""}`}>
            {signed(figure, difference.Mean, writer)}
          </div>
        )}
      </>
    );
  };
  return (
    <div className="sim-scroll">
      <table className="sim-figures">
        <thead>
          <tr>
            <th scope="col">{t("sim.figure")}</th>
            {figures.map((one, at) => <th key={one.name} scope="col"><i className={`sim-swatch sim-colour-${at}`} /> {one.name}</th>)}
            <th scope="col"><span className="visually-hidden">{t("sim.onOneScale")}</span></th>
          </tr>
        </thead>
        <tbody>
          {(all ? Object.keys(QUEUE_FIGURES) : KEY_FIGURES).map((figure) => (
            <tr key={figure}>
              <th scope="row">{t(titleOf(figure))}</th>
              {figures.map((one) => <td key={one.name}>{cell(one, figure)}</td>)}
              <td><Whiskers found={figures.map((one) => one.found[figure])} /></td>
            </tr>
          ))}
          {occupancies.map(({ profile, found }) => (
            <tr key={profile}>
              <th scope="row">{t(titleOf("occupancy"))}<Box variant="small" color="text-body-secondary" display="block">{profile}</Box></th>
              {found.map((one, at) => (
                <td key={figures[at]!.name}><b className="tabular">{shown("occupancy", one?.Mean, writer)}</b> <Box variant="small" color="text-body-secondary">{margin("occupancy", one, writer)}</Box></td>
              ))}
              <td><Whiskers found={found} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button variant="inline-link" ariaExpanded={all} onClick={() => setAll(!all)}>{t(all ? "sim.keyFigures" : "sim.allFigures")}</Button>
    </div>
  );
}

interface Occupancy {
  profile: string;
  found: (Estimate | undefined)[];
}

function occupancies(reports: SimulationReport[]): Occupancy[] {
  return namesOf(reports, "Profiles").map((profile) => ({ profile, found: reports.map((report) => report.Profiles.find((one) => one.Name === profile)?.Total["occupancy"]) }));
}

const WIDE = 160;
const ROW = 12;

/** Means as dots and confidence intervals as lines, on one scale. */
function Whiskers({ found }: { found: (Estimate | undefined)[] }): ReactNode {
  const values = found.flatMap((one) => [one?.Mean, one?.Low, one?.High]).filter(given);
  if (!values.length) return null;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least || Math.abs(most) || 1) * 0.12;
  const x = (value: number): number => ((value - least + room) / (most - least + 2 * room)) * WIDE;
  return (
    <svg className="sim-whiskers" width={WIDE} height={found.length * ROW} aria-hidden="true">
      {found.map((one, at) => {
        if (!one || !given(one.Mean)) return null;
        const y = at * ROW + ROW / 2;
        return (
          <g key={at} className={`sim-colour-${at}`}>
            {given(one.Low) && given(one.High) && <line className="sim-whisker" x1={x(one.Low)} x2={x(one.High)} y1={y} y2={y} />}
            <circle className="sim-dot" cx={x(one.Mean)} cy={y} r={3.5} />
          </g>
        );
      })}
    </svg>
  );
}
