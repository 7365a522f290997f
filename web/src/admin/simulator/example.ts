/** What an empty page begins with: the least that can be played. */
export const OWN = `name: My scenario
start: "09:00"
hours: 8
interval: 30        # minutes
replications: 10
service_level: 20   # seconds
queues:
  Sales:
    channel: VOICE
    arrivals: {per_hour: [40, 60, 60, 40]}
    handle: {lognormal: {mean: 240, deviation: 180}}
    wrap: {exponential: 30}
    patience: {exponential: 120}
profiles:
  Everybody: {queues: {Sales: 1}}
staff:
  - {profile: Everybody, count: 6, shift: "09:00-17:00"}
`;
