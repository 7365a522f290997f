import { type ReactNode } from "react";
import Popover from "@cloudscape-design/components/popover";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import { useI18n } from "../../i18n";
import type { CallQuality, Verdict } from "./quality";

const BARS: Record<Verdict, number> = { good: 3, fair: 2, poor: 1, silent: 0 };

/** Bars and a word for how the call sounds; the figures on demand. */
export function QualityMark({ quality }: { quality: CallQuality }): ReactNode {
  const { t, number } = useI18n();
  const ms = (seconds: number | undefined): string => (seconds === undefined ? "–" : t("voice.ms", { value: number(Math.round(seconds * 1000)) }));
  const { verdict, figures } = quality;
  return (
    <Popover
      header={t("voice.quality")}
      triggerType="custom"
      position="bottom"
      dismissAriaLabel={t("action.cancel")}
      content={
        <KeyValuePairs
          columns={2}
          items={[
            { label: t("voice.roundTrip"), value: ms(figures.roundTrip) },
            { label: t("voice.jitter"), value: ms(figures.jitter) },
            { label: t("voice.loss"), value: `${number(Math.round(quality.lossShare * 1000) / 10)} %` },
            { label: t("voice.score"), value: number(Math.round(quality.score * 10) / 10) },
          ]}
        />
      }
    >
      <button type="button" className={`quality quality-${verdict}`}>
        <span className="quality-bars" aria-hidden="true">
          {[1, 2, 3].map((bar) => (
            <i key={bar} className={bar <= BARS[verdict] ? "on" : ""} />
          ))}
        </span>
        {t(`voice.verdict.${verdict}`)}
      </button>
    </Popover>
  );
}
