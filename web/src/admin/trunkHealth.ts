import type { Trunk } from "../api/switchroom";

export type Health = "off" | "waiting" | "unregistered" | "unreachable" | "registered" | "reachable" | "ready";

export interface TrunkHealth {
  health: Health;
  calls: number;
  /** Of the slowest media process, in milliseconds. */
  roundTrip?: number;
  error?: string;
  errorAt?: number;
}

/** How a trunk fares on all media processes together. One of them registers; each of them pings. */
export function healthOf(trunk: Trunk): TrunkHealth {
  const states = trunk.States ?? [];
  const failed = states.filter((one) => one.Error).sort((a, b) => (b.ErrorTimestamp ?? 0) - (a.ErrorTimestamp ?? 0))[0];
  const trips = states.filter((one) => one.Reachable).map((one) => one.RoundTripMilliseconds ?? 0);
  return {
    health: pictured(trunk),
    calls: states.reduce((sum, one) => sum + (one.Calls ?? 0), 0),
    roundTrip: trips.length ? Math.max(...trips) : undefined,
    error: failed?.Error,
    errorAt: failed?.ErrorTimestamp,
  };
}

function pictured(trunk: Trunk): Health {
  const states = trunk.States ?? [];
  if (trunk.Enabled === false) return "off";
  if (!states.length) return "waiting";
  const registered = states.map((one) => one.Registered).filter((one) => one !== undefined && one !== null);
  const reachable = states.map((one) => one.Reachable).filter((one) => one !== undefined && one !== null);
  if (reachable.length && !reachable.some(Boolean)) return "unreachable";
  if (registered.length) return registered.some(Boolean) ? "registered" : "unregistered";
  return reachable.length ? "reachable" : "ready";
}
