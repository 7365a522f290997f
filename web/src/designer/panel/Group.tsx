import { useId, type ReactNode } from "react";
import Icon from "@cloudscape-design/components/icon";
import { useI18n } from "../../i18n";

interface Props {
  label?: string;
  optional?: boolean;
  description?: string;
  problem?: string;
  hint?: ReactNode;
  children: ReactNode;
}

/** Controls under one label, each with a name of its own, and what is wrong with them. */
export function Group({ label, optional = false, description, problem, hint, children }: Props): ReactNode {
  const { t } = useI18n();
  const id = useId();
  const about = [description && `${id}-about`, problem && `${id}-wrong`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className="panel-group" role={label ? "group" : undefined} aria-labelledby={label && `${id}-label`} aria-describedby={about || undefined}>
      {label && (
        <div className="panel-label" id={`${id}-label`}>
          {label}
          {optional && <i> – {t("form.optional")}</i>}
        </div>
      )}
      {description && <div className="panel-hint" id={`${id}-about`}>{description}</div>}
      {children}
      {problem && (
        <div className="panel-error" id={`${id}-wrong`} role="alert">
          <Icon name="status-negative" size="small" variant="error" /> {problem}
        </div>
      )}
      {hint && <div className="panel-hint" id={`${id}-hint`}>{hint}</div>}
    </div>
  );
}

/** A caption above a control that has a fuller name of its own. */
export function Captioned({ caption, children }: { caption: string; children: ReactNode }): ReactNode {
  return (
    <div className="panel-captioned">
      <span className="panel-caption" aria-hidden="true">{caption}</span>
      {children}
    </div>
  );
}
