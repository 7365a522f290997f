import { Fragment, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { SimulationReport } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { direction, given, inWords, KEY_FIGURES, margin, QUEUE_FIGURES, shown, signed, titleOf, worth, type Estimate } from "./figures";

/** The whole day in figures: the scenario and its variants side by side, and what each variant changes, in words. */
export function ComparisonView({ reports }: { reports: SimulationReport[] }): ReactNode {
  const { t } = useI18n();
  const [base, ...variants] = reports;
  if (!base) return null;
  return (
    <SpaceBetween size="l">
      {variants.map((variant, at) => <Words key={variant.Name} variant={variant} colour={at + 1} base={base.Name} />)}
      <Container header={<Header variant="h2" description={t("sim.figuresHelp", { count: base.Replications, seconds: base.ServiceLevelSeconds })}>{t("sim.figures")}</Header>}>
        <FiguresTable reports={reports} />
      </Container>
    </SpaceBetween>
  );
}

function Words({ variant, base, colour }: { variant: SimulationReport; base: string; colour: number }): ReactNode {
  const writer = useI18n();
  const found = variant.Differences ?? {};
  const sorted = KEY_FIGURES.filter((figure) => found[figure]).sort((one, other) => Math.abs(direction(found[other])) - Math.abs(direction(found[one])));
  return (
    <Container header={<Header variant="h2" description={writer.t("sim.wordsHelp", { base })}><i className={`sim-swatch sim-colour-${colour}`} /> {variant.Name}</Header>}>
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
function FiguresTable({ reports }: { reports: SimulationReport[] }): ReactNode {
  const writer = useI18n();
  const { t } = writer;
  const cell = (report: SimulationReport, figure: string): ReactNode => {
    const difference = report.Differences?.[figure];
    const good = worth(figure, difference);
    return (
      <>
        <b className="tabular">{shown(figure, report.All[figure]?.Mean, writer)}</b> <Box variant="small" color="text-body-secondary">{margin(figure, report.All[figure], writer)}</Box>
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
            {reports.map((report, at) => <th key={report.Name} scope="col"><i className={`sim-swatch sim-colour-${at}`} /> {report.Name}</th>)}
            <th scope="col"><span className="visually-hidden">{t("sim.onOneScale")}</span></th>
          </tr>
        </thead>
        <tbody>
          {Object.keys(QUEUE_FIGURES).map((figure) => (
            <tr key={figure}>
              <th scope="row">{t(titleOf(figure))}</th>
              {reports.map((report) => <td key={report.Name}>{cell(report, figure)}</td>)}
              <td><Whiskers found={reports.map((report) => report.All[figure])} /></td>
            </tr>
          ))}
          {occupancies(reports).map(({ profile, found }) => (
            <Fragment key={profile}>
              <tr>
                <th scope="row">{t(titleOf("occupancy"))}<Box variant="small" color="text-body-secondary" display="block">{profile}</Box></th>
                {found.map((one, at) => (
                  <td key={reports[at]!.Name}><b className="tabular">{shown("occupancy", one?.Mean, writer)}</b> <Box variant="small" color="text-body-secondary">{margin("occupancy", one, writer)}</Box></td>
                ))}
                <td><Whiskers found={found} /></td>
              </tr>
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function occupancies(reports: SimulationReport[]): { profile: string; found: (Estimate | undefined)[] }[] {
  const names = [...new Set(reports.flatMap((report) => report.Profiles.map((one) => one.Name)))];
  return names.map((profile) => ({ profile, found: reports.map((report) => report.Profiles.find((one) => one.Name === profile)?.Total["occupancy"]) }));
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
