import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n } from "../../i18n";
import { listDevices, openMicrophone, outputsCanBeChosen, type AudioDevices } from "./devices";
import { faultOf, missingSupport, type MediaFault } from "./faults";
import { LevelMeter } from "./levels";
import { FaultAlert } from "./MediaBanner";
import { allowSound, chooseRinger, ringOnce } from "./ringer";
import { playTestTone } from "./testTone";

interface Props {
  devices: AudioDevices;
  onChange: (devices: AudioDevices) => void;
}

/** Speaker, microphone and ringer, each with a test (DESK-80..83). */
export function AudioDevicesForm({ devices, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const [inputs, setInputs] = useState<MediaDeviceInfo[]>([]);
  const [outputs, setOutputs] = useState<MediaDeviceInfo[]>([]);
  const [fault, setFault] = useState<MediaFault | null>(missingSupport());
  const test = useMicrophoneTest(devices.microphone, setFault);

  const load = useCallback(async () => {
    setInputs(await listDevices("audioinput"));
    setOutputs(await listDevices("audiooutput"));
  }, []);
  useEffect(() => {
    void load();
    navigator.mediaDevices?.addEventListener?.("devicechange", load);
    return () => navigator.mediaDevices?.removeEventListener?.("devicechange", load);
  }, [load]);
  useEffect(() => {
    if (test.level !== null) void load();
  }, [test.level !== null, load]);

  const ask = async (): Promise<void> => {
    try {
      const stream = await openMicrophone(devices.microphone);
      stream.getTracks().forEach((track) => track.stop());
      setFault(null);
      await load();
    } catch (error) {
      setFault(await faultOf(error));
    }
  };
  const known = inputs.length > 0 || outputs.length > 0;
  return (
    <SpaceBetween size="m">
      {fault && <FaultAlert fault={fault} onRetry={() => void ask()} />}
      {!known && !fault && (
        <Button iconName="microphone" onClick={() => void ask()}>
          {t("voice.allowMicrophone")}
        </Button>
      )}
      <DeviceRow
        label={t("voice.microphone")}
        chosen={devices.microphone}
        found={inputs}
        onChoose={(microphone) => onChange({ ...devices, microphone })}
        test={t(test.level === null ? "voice.test" : "voice.stopTest")}
        onTest={test.toggle}
      />
      {test.level !== null && <ProgressBar value={test.level * 100} label={t("voice.level")} description={t("voice.speakNow")} />}
      {outputsCanBeChosen() ? (
        <SpaceBetween size="m">
          <DeviceRow
            label={t("voice.speaker")}
            chosen={devices.speaker}
            found={outputs}
            onChoose={(speaker) => onChange({ ...devices, speaker })}
            test={t("voice.test")}
            onTest={() => void playTestTone(devices.speaker)}
          />
          <DeviceRow
            label={t("voice.ringer")}
            chosen={devices.ringer}
            found={outputs}
            onChoose={(ringer) => onChange({ ...devices, ringer })}
            test={t("voice.test")}
            onTest={() => void allowSound().then(() => chooseRinger(devices.ringer)).then(ringOnce)}
          />
        </SpaceBetween>
      ) : (
        <p className="dim small">{t("voice.outputsBySystem")}</p>
      )}
    </SpaceBetween>
  );
}

interface DeviceRowProps {
  label: string;
  chosen: string;
  found: MediaDeviceInfo[];
  onChoose: (id: string) => void;
  test: string;
  onTest: () => void;
}

function DeviceRow({ label, chosen, found, onChoose, test, onTest }: DeviceRowProps): ReactNode {
  const { t } = useI18n();
  const options: SelectProps.Option[] = [{ value: "", label: t("voice.systemDefault") }, ...found.map((one) => ({ value: one.deviceId, label: one.label }))];
  return (
    <div className="device-row">
      <FormField label={label} stretch>
        <Select
          selectedOption={options.find((one) => one.value === chosen) ?? options[0]!}
          options={options}
          disabled={found.length === 0}
          onChange={({ detail }) => onChoose(detail.selectedOption.value ?? "")}
          expandToViewport
        />
      </FormField>
      <Button onClick={onTest} ariaLabel={`${test}: ${label}`}>
        {test}
      </Button>
    </div>
  );
}

function useMicrophoneTest(microphone: string, onFault: (fault: MediaFault | null) => void): { level: number | null; toggle: () => void } {
  const [level, setLevel] = useState<number | null>(null);
  const meter = useRef<LevelMeter | null>(null);
  const stop = (): void => {
    meter.current?.close();
    meter.current = null;
    setLevel(null);
  };
  useEffect(() => stop, [microphone]);
  const toggle = async (): Promise<void> => {
    if (meter.current) {
      stop();
      return;
    }
    try {
      const stream = await openMicrophone(microphone);
      meter.current = new LevelMeter(stream, setLevel);
      onFault(null);
      setLevel(0);
    } catch (error) {
      onFault(await faultOf(error));
    }
  };
  return { level, toggle: () => void toggle() };
}
