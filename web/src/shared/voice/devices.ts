/** The three audio devices of a telephone. Ids are the browser's; "" is the system's default. */
export interface AudioDevices {
  speaker: string;
  microphone: string;
  ringer: string;
}

const STORED = "switchroom-audio-devices";
export const DEFAULT_DEVICES: AudioDevices = { speaker: "", microphone: "", ringer: "" };

export function storedDevices(): AudioDevices {
  try {
    return { ...DEFAULT_DEVICES, ...(JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<AudioDevices>) };
  } catch {
    return DEFAULT_DEVICES;
  }
}

export function storeDevices(devices: AudioDevices): void {
  localStorage.setItem(STORED, JSON.stringify(devices));
}

/** Whether outputs can be chosen; Firefox leaves them to the system (DESK-82). */
export function outputsCanBeChosen(): boolean {
  return "setSinkId" in HTMLMediaElement.prototype && !/firefox/i.test(navigator.userAgent);
}

/** Devices of a kind with a name; empty until the microphone was allowed (DESK-83). */
export async function listDevices(kind: "audioinput" | "audiooutput"): Promise<MediaDeviceInfo[]> {
  if (!navigator.mediaDevices?.enumerateDevices) return [];
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((device) => device.kind === kind && device.label !== "" && device.deviceId !== "default" && device.deviceId !== "communications");
}

const CLEAN = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** The chosen microphone; a device that is gone gives way to the system's default. Raises DOMException. */
export async function openMicrophone(id: string): Promise<MediaStream> {
  if (id) {
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: { ...CLEAN, deviceId: { exact: id } } });
    } catch (error) {
      if (!(error instanceof DOMException) || !["OverconstrainedError", "NotFoundError"].includes(error.name)) throw error;
    }
  }
  return navigator.mediaDevices.getUserMedia({ audio: CLEAN });
}
