/** Either lets a person hear and read what was said, as it was said (USER-60). */
export const ORIGINAL = ["ListenCallRecordings", "ManagerListenIn"];
export const REDACTED = "RedactedData.View";
