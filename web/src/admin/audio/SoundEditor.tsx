import { useEffect, useRef, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n } from "../../i18n";
import { cropped, decode, lengthOf, playClip, toWav, type Clip } from "../../shared/clip";
import { Waveform, type Selection } from "../../shared/Waveform";
import { FromText } from "./FromText";
import { useRecorder } from "./useRecorder";

const MOST_BYTES = 50 * 1024 * 1024;
const MOST_SECONDS = 300;
const KINDS = ".wav,.mp3,.m4a,.aac,.ogg,.oga,.opus,.webm,.flac,.aif,.aiff,.au,.amr,.caf,audio/*";

interface Props {
  /** What is there already. */
  url?: string;
  disabled: boolean;
  problem?: string;
  onChange: (sound: Blob | null) => void;
}

/** The sound of a prompt: a file, what is said into the microphone, of which a part may be kept, or a spoken text. */
export function SoundEditor({ url, disabled, problem, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const [way, setWay] = useState("upload");
  const [files, setFiles] = useState<File[]>([]);
  const [clip, setClip] = useState<Clip | null>(null);
  const [present, setPresent] = useState<Clip | null>(null);
  const [trouble, setTrouble] = useState("");
  const take = (next: Clip | null, sound: Blob | null): void => {
    setClip(next);
    onChange(sound);
  };

  useEffect(() => {
    if (!url) return;
    let gone = false;
    void fetch(url)
      .then((answer) => answer.arrayBuffer())
      .then(decode)
      .then(
        (known) => {
          if (gone) return;
          setPresent(known);
          setClip((now) => now ?? known);
        },
        () => {},
      );
    return () => {
      gone = true;
    };
  }, [url]);

  const choose = async (chosen: File[]): Promise<void> => {
    const file = chosen.at(-1);
    setFiles(file ? [file] : []);
    setTrouble("");
    if (!file) return take(null, null);
    if (file.size >= MOST_BYTES) return fail("prompts.tooLarge");
    // The service hears more kinds of files than browsers do: without a picture it may still be a prompt.
    const known = await decode(await file.arrayBuffer()).catch(() => null);
    if (known && lengthOf(known) >= MOST_SECONDS) return fail("prompts.tooLong");
    take(known, new Blob([file], { type: "audio/wav" }));
  };
  const fail = (key: "prompts.tooLarge" | "prompts.tooLong" | "prompts.noMicrophone"): void => {
    setTrouble(t(key));
    take(null, null);
  };

  return (
    <FormField label={t("prompts.sound")} description={t("prompts.soundHelp")} errorText={problem} stretch>
      <SpaceBetween size="s">
        {!disabled && (
          <SegmentedControl
            label={t("prompts.sound")}
            selectedId={way}
            onChange={({ detail }) => {
              setWay(detail.selectedId);
              setTrouble("");
            }}
            options={[
              { id: "upload", text: t("prompts.upload"), iconName: "upload" },
              { id: "record", text: t("prompts.record"), iconName: "microphone" },
              { id: "text", text: t("speech.fromText"), iconName: "contact" },
            ]}
          />
        )}
        {!disabled && way === "upload" && (
          <FileUpload
            value={files}
            accept={KINDS}
            onChange={({ detail }) => void choose(detail.value)}
            showFileSize
            i18nStrings={{
              uploadButtonText: () => t("prompts.choose"),
              dropzoneText: () => t("prompts.drop"),
              removeFileAriaLabel: () => t("action.remove"),
              limitShowFewer: "",
              limitShowMore: "",
              errorIconAriaLabel: t("common.error"),
            }}
          />
        )}
        {!disabled && way === "record" && <Recording onClip={(recorded) => take(recorded, toWav(recorded))} onStart={() => take(null, null)} onProblem={() => fail("prompts.noMicrophone")} />}
        {!disabled && way === "text" && <FromText onSound={async (sound) => take(await decode(await sound.arrayBuffer()), sound)} />}
        {trouble && <Alert type="error">{trouble}</Alert>}
        {clip && (
          <Listening
            key={clip.samples.length}
            clip={clip}
            disabled={disabled}
            onCrop={(part) => take(part, toWav(part))}
            onClear={
              clip === present
                ? undefined
                : () => {
                    setFiles([]);
                    take(present, null);
                  }
            }
          />
        )}
      </SpaceBetween>
    </FormField>
  );
}

interface RecordingProps {
  onStart: () => void;
  onClip: (clip: Clip) => void;
  onProblem: () => void;
}

function Recording({ onStart, onClip, onProblem }: RecordingProps): ReactNode {
  const { t, duration } = useI18n();
  const recorder = useRecorder(onClip, onProblem);
  const active = recorder.state === "recording";
  return (
    <SpaceBetween size="xs">
      <SpaceBetween direction="horizontal" size="xs">
        <Button
          iconName="microphone"
          formAction="none"
          loading={recorder.state === "asking" || recorder.state === "working"}
          disabled={active}
          onClick={() => {
            onStart();
            void recorder.start();
          }}
        >
          {t("prompts.start")}
        </Button>
        <Button iconName="close" formAction="none" disabled={!active} onClick={recorder.stop}>
          {t("prompts.stop")}
        </Button>
      </SpaceBetween>
      {active && <ProgressBar value={100 * Math.sqrt(recorder.level)} resultText="" label={t("prompts.recording")} additionalInfo={duration(recorder.seconds)} />}
    </SpaceBetween>
  );
}

interface ListeningProps {
  clip: Clip;
  disabled: boolean;
  onCrop: (clip: Clip) => void;
  /** Absent while it is the sound that is kept already. */
  onClear?: () => void;
}

function Listening({ clip, disabled, onCrop, onClear }: ListeningProps): ReactNode {
  const { t, duration } = useI18n();
  const whole = { from: 0, to: lengthOf(clip) };
  const [selection, setSelection] = useState<Selection>(whole);
  const [position, setPosition] = useState<number | null>(null);
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);
  const play = (): void => {
    if (stop.current) return stop.current();
    setPosition(selection.from);
    stop.current = playClip(clip, selection.from, selection.to, setPosition, () => {
      stop.current = null;
      setPosition(null);
    });
  };
  const partial = selection.from > whole.from || selection.to < whole.to;
  return (
    <SpaceBetween size="xs">
      <Waveform
        clip={clip}
        label={t("prompts.waveform")}
        selection={selection}
        onSelect={disabled ? undefined : setSelection}
        startLabel={t("prompts.from")}
        endLabel={t("prompts.to")}
        position={position}
      />
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Button iconName={position === null ? "play" : "pause"} formAction="none" onClick={play}>
          {t(position === null ? "prompts.play" : "prompts.pause")}
        </Button>
        {!disabled && (
          <Button formAction="none" disabled={!partial} onClick={() => onCrop(cropped(clip, selection.from, selection.to))}>
            {t("prompts.crop")}
          </Button>
        )}
        {!disabled && onClear && (
          <Button formAction="none" iconName="undo" onClick={onClear}>
            {t("prompts.clear")}
          </Button>
        )}
        <Box color="text-body-secondary">
          <span className="tabular">{t("prompts.length", { length: duration(Math.round(selection.to - selection.from)) })}</span>
        </Box>
      </SpaceBetween>
    </SpaceBetween>
  );
}
