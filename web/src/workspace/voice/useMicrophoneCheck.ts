import { useCallback, useEffect, useState } from "react";
import { listDevices, openMicrophone } from "../../shared/voice/devices";
import { faultOf, microphonePermission, missingSupport, type MediaFault } from "../../shared/voice/faults";

/** Asks for the microphone when the page loads, so that the first call needs no question (DESK-07). */
export function useMicrophoneCheck(needed: boolean): { fault: MediaFault | null; ask: () => void; dismiss: () => void } {
  const [fault, setFault] = useState<MediaFault | null>(null);
  const ask = useCallback(() => {
    openMicrophone("").then(
      (stream) => {
        stream.getTracks().forEach((track) => track.stop());
        setFault(null);
      },
      async (error: unknown) => setFault(await faultOf(error)),
    );
  }, []);
  useEffect(() => {
    if (!needed) return;
    const check = async (): Promise<void> => {
      const unsupported = missingSupport();
      const permission = await microphonePermission();
      if (unsupported || permission === "denied") setFault(unsupported ?? "denied");
      else if (permission !== "granted" || (await listDevices("audioinput")).length === 0) ask();
    };
    void check();
  }, [needed, ask]);
  return { fault: needed ? fault : null, ask, dismiss: () => setFault(null) };
}
