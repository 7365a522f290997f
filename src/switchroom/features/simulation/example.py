"""A scenario to begin with, for a centre that has no past yet."""

EXAMPLE = """\
name: An ordinary day
start: "08:00"
hours: 10
interval: 30              # minutes of a row of results
replications: 10          # plays, each with other customers
service_level: 20         # seconds
queues:
  Sales:
    channel: VOICE
    arrivals: {per_hour: [40, 70, 95, 90, 75, 80, 90, 80, 60, 35]}
    handle: {lognormal: {mean: 280, deviation: 190}}
    wrap: {exponential: 40}
    patience: {exponential: 150}
  Support:
    channel: VOICE
    arrivals: {per_hour: [30, 45, 60, 60, 50, 50, 55, 50, 40, 25]}
    handle: {lognormal: {mean: 420, deviation: 300}}
    wrap: {exponential: 60}
    patience: {exponential: 240}
  Chat:
    channel: CHAT
    arrivals: {per_hour: 40}
    handle: {gamma: {mean: 540, deviation: 300}}
    patience: {exponential: 400}
profiles:
  Sales first:
    queues: {Sales: 1, Support: {priority: 2, delay: 30}}
    concurrency: {VOICE: 1}
  Support and chat:
    queues: {Support: 1, Sales: {priority: 2, delay: 60}, Chat: {priority: 2, delay: 0}}
    concurrency: {VOICE: 1, CHAT: 3}
staff:
  - {profile: Sales first, count: 7, shift: "08:00-16:00", breaks: ["12:00-12:30"], answer: {uniform: [1, 4]},
     miss: 0.01}
  - {profile: Sales first, count: 4, shift: "10:00-18:00", breaks: ["13:30-14:00"], answer: {uniform: [1, 4]}}
  - {profile: Support and chat, count: 8, shift: "08:00-16:00", breaks: ["12:30-13:00"], answer: {uniform: [1, 5]}}
  - {profile: Support and chat, count: 6, shift: "10:00-18:00", breaks: ["14:00-14:30"], answer: {uniform: [1, 5]}}
variants:
  Sales are everybody's:
    profiles: {Support and chat: {queues: {Sales: {priority: 1, delay: 0}}}}
"""
