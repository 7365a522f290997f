/** The words of the public embedding library's messages between a page and the panel in its frame (DESK-154). */

export const Event = {
  ACKNOWLEDGE: "acknowledge",
  SYNCHRONIZE: "synchronize",
  CONFIGURE: "configure",
  REQUEST_CONFIGURE: "request_configure",
  OUTER_CONTEXT_INFO: "outer_context_info",
  API_REQUEST: "api_request",
  API_RESPONSE: "api_response",
  API_PROXY_REQUEST: "api_proxy_request",
  API_PROXY_RESPONSE: "api_proxy_response",
  MASTER_REQUEST: "master_request",
  MASTER_RESPONSE: "master_response",
  MEDIA_DEVICE_REQUEST: "media_device_request",
  MEDIA_DEVICE_RESPONSE: "media_device_response",
  RELOAD_AGENT_CONFIGURATION: "reload_agent_configuration",
  BROADCAST: "broadcast",
  AUTH_FAIL: "auth_fail",
  ACCESS_DENIED: "access_denied",
  TERMINATE: "terminate",
  TERMINATED: "terminated",
  MUTE: "mute",
  UPDATE_CONNECTED_CCPS: "update_connected_ccps",
  DOWNLOAD_LOG: "download_log_from_ccp",
  AGENT_UPDATE: "agent::update",
  MUTE_TOGGLE: "agent::mute_toggle",
  SOFTPHONE_ERROR: "agent::softphone_error",
  CONNECTION_LOST: "agent::websocket_connection_lost",
  CONNECTION_GAINED: "agent::websocket_connection_gained",
  CONTACT_ACCEPTED: "contact::accepted",
  VIEW_CONTACT: "contact::view",
  ACTIVATE_VIEW: "taskList::activate_channel_with_view_type",
  TASK_CREATED: "task::created",
  SET_SPEAKER: "configuration::set_speaker_device",
  SET_MICROPHONE: "configuration::set_microphone_device",
  SET_RINGER: "configuration::set_ringer_device",
  SPEAKER_CHANGED: "configuration::speaker_device_changed",
  MICROPHONE_CHANGED: "configuration::microphone_device_changed",
  RINGER_CHANGED: "configuration::ringer_device_changed",
  PAGE_CONFIGURED: "configuration::configure",
  SOCKET_SUBSCRIBE: "webSocket::subscribe",
  SOCKET_MESSAGE: "webSocket::all_message",
  SOCKET_GAIN: "webSocket::connection_gain",
  STORAGE_REQUEST: "storageAccess::request",
  STORAGE_INIT: "storageAccess::init",
  STORAGE_GRANTED: "storageAccess::granted",
} as const;

/** Broadcasts of the library about itself, which no other window needs. */
export const TELEMETRY: ReadonlySet<string> = new Set(["client_metric", "api_metric", "softphone_stats", "softphone_report", "click_stream_data", "client_side_logs"]);

export interface Envelope {
  event: string;
  data?: unknown;
}

export interface Request {
  event: string;
  requestId: string;
  method: string;
  params?: Record<string, unknown>;
}

/** What the embedding page passed to `initCCP`. */
export interface PageOptions {
  softphone?: {
    allowFramedSoftphone?: boolean;
    disableRingtone?: boolean;
    ringtoneUrl?: string;
    disableEchoCancellation?: boolean;
    allowFramedVideoCall?: boolean;
  };
  chat?: { disableRingtone?: boolean; ringtoneUrl?: string };
  task?: { disableRingtone?: boolean; ringtoneUrl?: string };
  pageOptions?: { enableAudioDeviceSettings?: boolean; enableVideoDeviceSettings?: boolean; enablePhoneTypeSettings?: boolean };
}

export interface State {
  agentStateARN: string | null;
  name: string;
  type: "routable" | "not_routable" | "offline" | "system" | "error";
  startTimestamp?: Date;
}

export interface QueueName {
  name: string | null;
  queueARN: string;
  queueId: string;
}

export interface Endpoint {
  type: "phone_number" | "agent" | "queue" | null;
  endpointARN: string | null;
  name: string | null;
  phoneNumber: string | null;
  agentLogin: string | null;
  queue: string | null;
}

export interface Connection {
  connectionId: string;
  type: "agent" | "inbound" | "outbound" | "monitoring";
  initial: boolean;
  state: { type: "init" | "connecting" | "connected" | "hold" | "disconnected" | "silent_monitor" | "barge"; timestamp: Date };
  endpoint: Endpoint;
  /** Former name of `endpoint`. */
  address: Endpoint;
  mute?: boolean;
  forcedMute?: boolean;
  quickConnectName?: string | null;
  capabilities?: { Video?: "SEND" };
  softphoneMediaInfo?: {
    callType: "audio_video" | "video_only" | "audio_only" | "none";
    autoAccept: boolean;
    callConfigJson: string;
    callContextToken: string;
    mediaLegContextToken: string;
  } | null;
  chatMediaInfo?: { chatAutoAccept: boolean; customerName?: string; agentName?: string } | null;
  monitoringInfo?: { agentName?: string; customerName?: string; joinTime: Date } | null;
  monitorCapabilities?: string[] | null;
  monitorStatus?: string | null;
}

export interface Contact {
  contactId: string;
  initialContactId: string;
  type: "voice" | "queue_callback" | "chat" | "task";
  state: { type: "incoming" | "pending" | "connecting" | "connected" | "missed" | "error" | "ended" | "rejected" | "paused"; timestamp: Date };
  /** Former name of `state`. */
  status: Contact["state"];
  queue?: QueueName;
  queueTimestamp?: Date;
  attributes: Record<string, { name: string; value: string }>;
  segmentAttributes: Record<string, { ValueString: string }>;
  contactSubtype?: string;
  connections: Connection[];
  contactFeatures: { attachmentsEnabled: boolean; messagingMarkdownEnabled: boolean; multiPartyConferenceEnabled: boolean };
  name?: string;
  description?: string;
  references: Record<string, { type: string; value: string }>;
  initiationMethod?: string;
  relatedContactId?: string;
  customerEndpoint?: { type: string; phoneNumber: string };
  channelContext?: { scheduledTime?: Date; taskTemplateId?: string; taskTemplateVersion?: number };
  /** Milliseconds. */
  contactDuration?: number;
}

export interface Snapshot {
  state: State;
  /** Former name of `state`. */
  status: State;
  agentAvailabilityState: { state: string; timeStamp: Date };
  nextState: State | null;
  contacts: Contact[];
  snapshotTimestamp: Date;
  localTimestamp: number;
  /** Milliseconds that the server's clock is ahead. */
  skew: number;
}

export interface Configuration {
  name: string;
  username: string;
  agentARN: string;
  extension: string | null;
  softphoneEnabled: boolean;
  softphoneAutoAccept: boolean;
  agentStates: State[];
  dialableCountries: string[];
  permissions: string[];
  agentPreferences: { LANGUAGE: string };
  routingProfile: {
    name: string;
    routingProfileARN: string;
    routingProfileId: string;
    channelConcurrencyMap: Record<string, number>;
    queues: QueueName[];
    defaultOutboundQueue: QueueName;
  };
}
