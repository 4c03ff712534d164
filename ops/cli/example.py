"""The configuration that ``reflexarc config example`` prints.

Lines that start with ``# `` are prose; ``#`` without a space switches a setting off. The whole passes ``reflexarc
check`` as it is, and with every setting switched on.
"""

from __future__ import annotations

from typing import Final

EXAMPLE: Final = """\
# yaml-language-server: $schema=reflexarc.schema.json
#
# reflexarc.yaml. Made by `reflexarc config example`; `reflexarc check` says whether it is right and what it means.
# Durations: 250ms, 30s, 5m, 24h, 7d. Sizes: 64KiB, 1MiB. Relative paths start at the folder of this file.
# A secret never stands here: write <name>_file: <path of a file that holds it>, or <name>: ${VARIABLE}.

kafka:
  bootstrap: localhost:9092           # brokers to start from: host:port, host:port
  prefix: reflexarc                   # topics, groups and transactional ids start with it
  partitions: 6                       # of the events, sink and dead-letter topics
  replication: 3                      # 1 on a single broker; writes need one copy less (min.insync.replicas)
  retention: 7d                       # how far back events can be replayed
  #security:
    #protocol: SASL_SSL               # PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL
    #mechanism: SCRAM-SHA-512         # PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512
    #username: reflexarc
    #password: ${KAFKA_PASSWORD}
  #options:                           # any librdkafka property that breaks no promise
    #socket.keepalive.enable: true

# vCenter Servers whose events are followed. The name starts event ids: keep it for good.
#vcenters:
  #vc1:
    #url: https://vc1.example.org/sdk
    #username: reflexarc@vsphere.local
    #password: ${VC1_PASSWORD}
    #start_from: now                  # or a time back (24h), or a timestamp (2026-01-31T06:00:00Z)
    #poll: 250ms                      # pause between two reads when nothing is new
    #timeout: 30s
    #page: 500                        # events per call; vCenter gives 1000 at most
    #canary:                          # an event of our own that proves the way; needs the privilege Global.LogEvent
      #every: 5m
  #vc2:
    #url: https://vc2.example.org/sdk
    #username: reflexarc@vsphere.local
    #password: ${VC2_PASSWORD}

# The HTTP door for events that others push. Beyond loopback it needs a token.
webhook:
  listen: 127.0.0.1:8080
  max_body: 1MiB
  #token: ${WEBHOOK_TOKEN}

# How `reflexarc ingest inventory` keeps current what routes may ask about an entity: folder, cluster, tags.
#inventory:
  #tags_every: 60s                    # nothing reports a changed tag
  #full_every: 1h                     # should a change ever go unreported

# The limits of sinks of type remediation. As it stands here nothing is touched: see docs/remediation.md.
#remediation:
  #dry_run: true                      # decide and plan, but change nothing
  #allow:                             # what may be acted on; default: nothing
    #- {tags: [remediation/allowed], vcenters: [vc1]}
  #deny:                              # what never is
    #- {names: ["*-db-*"]}
  #cool_down: 15m                     # the same action on the same entity is refused for so long
  #blast_radius:                      # so many actions within so long
    #- {per: cluster, actions: 5, within: 10m}
  #max_age: 15m                       # older events are refused
  #approval_expires: 1h               # what waits for a person is refused then
  #answer_key: ${REMEDIATION_ANSWER_KEY} # what approvals are signed with: openssl rand -base64 32

# What people may ask for in person, in Slack or at a command line. Who is not named may nothing: docs/self-service.md.
#commands:
  #key: ${COMMAND_LINE_SIGNING_KEY}   # what commands from a command line are signed with
  #people:
    #anna: {slack: [T0123ABCD/U0123ABCD], cli: [anna], groups: [operators]}
    #ben: {slack: [T0123ABCD/U0456EFGH], groups: [developers]}
  #grants:                            # verbs, or read, power, create, change, destroy, approve
    #- {to: [operators], verbs: [read, power, approve], machines: any}
    #- {to: [developers], verbs: [read, power, create, change, destroy], presets: [small]}
  #presets:                           # what new machines are like
    #small:
      #vcenter: vc1
      #cluster: cluster-1
      #folder: /dc-1/vm/self-service
      #source: ubuntu-24.04           # what `clone` copies
      #template: true
      #customization: linux
  #sizes:                             # for `transform`
    #large: {cpus: 4, memory: 16GiB}
  #lease: {for: 14d, warn: 2d, grace: 3d}
  #quota: 5                           # machines per person and vCenter

# Which events go to which sinks. Subjects are compared exactly; a route without match takes every event.
# With DRS a power-on is a DrsVmPoweredOnEvent.
routes:
  - name: power
    match: {subject: [VmPoweredOnEvent, DrsVmPoweredOnEvent, VmPoweredOffEvent]}
    to: [functions, audit]
  - name: alarms
    match: {subject: AlarmStatusChangedEvent}
    to: functions

# Destinations. Each may say in_flight (events at once), retry (attempts after the first), backoff_policy
# (exponential or linear), backoff_delay, backoff_max and timeout.
sinks:
  functions:
    type: openfaas                    # calls the functions whose topic annotation names the subject
    gateway: http://127.0.0.1:8081
    #username: admin
    #password: ${OPENFAAS_PASSWORD}
    retry: 5
    backoff_policy: exponential
    backoff_delay: 200ms
    backoff_max: 30s
    timeout: 15s
  audit:
    type: http                        # one POST per event
    url: http://127.0.0.1:8082/events
    mode: binary                      # attributes as headers; structured: all of it as JSON
    #token: ${AUDIT_TOKEN}
  #broker:
    #type: knative                    # a broker, channel or service of Knative Eventing
    #uri: http://broker-ingress.knative-eventing.svc.cluster.local/default/default
  #workflows:
    #type: rabbitmq                   # for the AMQP plug-in of vRO, and every other reader of a queue
    #url: amqps://rabbitmq.example.org:5671/vro
    #username: reflexarc
    #password: ${RABBITMQ_PASSWORD}
    #queue: events
  #operators:
    #type: smtp                       # one mail per event
    #host: mail.example.org
    #from: reflexarc@example.org
    #to: [operators@example.org]
    #subject: "{{ event.subject }}"
    #body: "{{ data | tojson }}"
  #people:
    #type: slack                      # answers to commands given in Slack, and other events in a channel
    #bot_token: ${SLACK_BOT_TOKEN}
    #seal_key: ${SLACK_WEBHOOK_SEAL_KEY} # what the webhook's endpoint seals reply addresses with
    #channel: C0123ABCD
    #text: "{{ event.subject }}"
  #archive:
    #type: kafka                      # one record per event, in a topic of yours
    #topic: datacenter.events
  #evidence:
    #type: file                       # one line of JSON per event, on the disk before it counts
    #path: events.jsonl
    #rotate_size: 100MiB
  #look:
    #type: stdout                     # one line of JSON per event
  #cloud:
    #type: eventbridge                # an event bus of Amazon EventBridge; credentials as every AWS tool finds them
    #bus: default                     # name or ARN
    #region: eu-central-1
  #rows:
    #type: analytics                  # one flat Avro row per event in a topic, for analysts
    #counts: {window: 1m}             # and how many there were of each type and entity
  #isolate:
    #type: vsphere                    # does something to the virtual machine that an event names
    #action: disconnect-vnic          # or scale, snapshot, power-off and others: docs/sinks.md
    #vcenters: [vc1]                  # where the machine may be; default: every vCenter
    #dry_run: true                    # say what would be done; false does it
    #allow: ["test-*"]                # machines that may be touched; default: none
    #protect: ["*-db-*"]              # machines that are never touched
  #quarantine:
    #type: remediation                # asks for the same; what is done is decided inside the limits above
    #action: disconnect-vnic
    #trusted_senders: [/ingest/webhook/log-alert/notifications] # others need approval to cut a machine off
  #hosts:
    #type: vrops                      # maintenance of hosts in Aria Operations, as in their vCenter
    #url: https://operations.example.org
    #username: reflexarc
    #password: ${OPERATIONS_PASSWORD}
  #remedy:
    #type: vro                        # starts a workflow of vRO and follows it to its end
    #url: https://orchestrator.example.org
    #workflow: 6e04a460-4a45-4e16-9603-db2922c24462
    #username: reflexarc
    #password: ${ORCHESTRATOR_PASSWORD}
"""
