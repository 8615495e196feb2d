{{- /* A silo's pod, for both kinds: (dict "root" $ "component" "controller" "role" "Controller" "settings" .Values.controller "image" ... "grace" 60). */ -}}

{{- define "nas.siloPod" -}}
{{- $root := .root -}}
{{- $isEvaluator := eq .component "evaluator" -}}
metadata:
  labels:
    {{- include "nas.labels" (list $root .component) | nindent 4 }}
    nas-cluster/silo: "true"
    {{- if and $root.Values.azure.workloadIdentity.enabled (include "nas.usesAzure" $root) }}
    azure.workload.identity/use: "true"
    {{- end }}
    {{- with .settings.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  annotations:
    # A silo reads its settings when it starts.
    nas-cluster/settings: {{ include "nas.siloSettings" $root | sha256sum | trunc 16 }}
    {{- if $root.Values.monitoring.scrapeAnnotations }}
    prometheus.io/scrape: "true"
    prometheus.io/port: {{ $root.Values.ports.http | quote }}
    prometheus.io/path: /metrics
    {{- end }}
    {{- with .settings.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  serviceAccountName: {{ include "nas.name" $root }}-silo
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .grace }}
  securityContext: {{- include "nas.podSecurity" $root | nindent 4 }}
  {{- include "nas.pullSecrets" $root | nindent 2 }}
  {{- include "nas.placement" .settings | nindent 2 }}
  topologySpreadConstraints:
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "nas.selector" (list $root $.component) | nindent 10 }}
    {{- end }}
  containers:
    - name: silo
      image: {{ include "nas.image" (list $root .image) }}
      imagePullPolicy: {{ $root.Values.images.pullPolicy }}
      securityContext: {{- include "nas.containerSecurity" $root | nindent 8 }}
      envFrom:
        - configMapRef: {name: {{ include "nas.name" $root }}-silo}
      env:
        - {name: NasCluster__Role, value: {{ .role }}}
        # Others reach a silo by the address it advertises: that of its pod.
        - name: NasCluster__Address
          valueFrom: {fieldRef: {fieldPath: status.podIP}}
        {{- include "nas.siloSecrets" (dict "root" $root "database" $root.Values.postgresql.connectionStringSecret) | nindent 8 }}
        {{- if and $isEvaluator (ne $root.Values.superNetworks.volume.kind "none") }}
        - {name: NasCluster__SuperNetworks__Directory, value: {{ printf "/super-networks/%s" $root.Values.superNetworks.volume.path | trimSuffix "/" }}}
        {{- end }}
        {{- if $isEvaluator }}
        {{- range $index, $name := $root.Values.superNetworks.preload }}
        - {name: NasCluster__SuperNetworks__Preload__{{ $index }}, value: {{ $name | quote }}}
        {{- end }}
        {{- end }}
        {{- with .settings.extraEnv }}{{ toYaml . | nindent 8 }}{{ end }}
      ports:
        - {name: silo, containerPort: {{ $root.Values.ports.silo }}}
        - {name: gateway, containerPort: {{ $root.Values.ports.gateway }}}
        - {name: http, containerPort: {{ $root.Values.ports.http }}}
      # It listens from the start, also while it waits for its cluster.
      startupProbe:
        httpGet: {path: /health/live, port: http}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /health/live, port: http}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      # Storage has 2 s to answer the question behind it.
      readinessProbe:
        httpGet: {path: /health/ready, port: http}
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: 3
      resources:
        {{- $resources := deepCopy .settings.resources }}
        {{- if and $isEvaluator (gt (int .settings.gpu.count) 0) }}
        {{- $gpu := dict .settings.gpu.resource (toString .settings.gpu.count) }}
        {{- $resources = dict "requests" (merge $resources.requests $gpu) "limits" (merge $resources.limits $gpu) }}
        {{- end }}
        {{- toYaml $resources | nindent 8 }}
      volumeMounts:
        - {name: temporary, mountPath: /tmp}
        {{- if $isEvaluator }}
        - {name: cache, mountPath: /cache}
        {{- include "nas.superNetworkMount" $root | nindent 8 }}
        {{- end }}
        {{- if ne $root.Values.tls.mode "none" }}
        - {name: tls, mountPath: /tls, readOnly: true}
        {{- end }}
  volumes:
    - name: temporary
      emptyDir: {sizeLimit: 1Gi}
    {{- if $isEvaluator }}
    {{- if not .settings.cache.storageClass }}
    - name: cache
      emptyDir: {sizeLimit: {{ include "nas.cacheSize" $root }}}
    {{- end }}
    {{- include "nas.superNetworkVolume" $root | nindent 4 }}
    {{- end }}
    {{- if ne $root.Values.tls.mode "none" }}
    - name: tls
      secret: {secretName: {{ include "nas.certificates" (list $root "silos") }}, defaultMode: 0440}
    {{- end }}
{{- end -}}

{{- /* Room beside what the cache may hold: a content is written whole before another goes. */ -}}
{{- define "nas.cacheSize" -}}
{{- $gibibytes := int .Values.evaluator.cache.gibibytes -}}
{{- add $gibibytes (div $gibibytes 4) 1 }}Gi
{{- end -}}

{{- /* Settings of all silos that are nobody's secret: the keys are those of SiloSettings.cs. */ -}}
{{- define "nas.siloSettings" -}}
NasCluster__Cluster: {{ .Values.cluster | quote }}
NasCluster__SiloPort: {{ .Values.ports.silo | quote }}
NasCluster__GatewayPort: {{ .Values.ports.gateway | quote }}
NasCluster__HttpPort: {{ .Values.ports.http | quote }}
NasCluster__Clustering__Provider: {{ .Values.clustering.provider }}
NasCluster__Storage__Provider: {{ .Values.storage.provider }}
{{- if eq .Values.storage.provider "AzureBlobs" }}
NasCluster__Storage__Container: {{ .Values.storage.container | quote }}
{{- end }}
{{- /* With an identity the address is all there is to know; a silo takes it in place of a connection string. */ -}}
{{- with .Values.azure.workloadIdentity }}
{{- if and .enabled (eq $.Values.clustering.provider "AzureTables") }}
NasCluster__Clustering__ConnectionString: https://{{ .account }}.table.{{ .domain }}
{{- end }}
{{- if and .enabled (eq $.Values.storage.provider "AzureBlobs") }}
NasCluster__Storage__ConnectionString: https://{{ .account }}.blob.{{ .domain }}
{{- end }}
{{- end }}
NasCluster__SuperNetworks__CacheDirectory: /cache
NasCluster__SuperNetworks__CacheBytes: {{ mul .Values.evaluator.cache.gibibytes 1024 1024 1024 | quote }}
NasCluster__SuperNetworks__IdleBytes: {{ mul .Values.evaluator.idleGibibytes 1024 1024 1024 | quote }}
{{- $engine := .Values.evaluator.engine | default (ternary "torch" "cpu" (gt (int .Values.evaluator.gpu.count) 0)) }}
NasCluster__Evaluator__Engine: {{ title $engine }}
{{- if and (eq $engine "torch") (gt (int .Values.evaluator.gpu.count) 1) }}
{{- range $index := until (int .Values.evaluator.gpu.count) }}
NasCluster__Evaluator__Devices__{{ $index }}: cuda:{{ $index }}
{{- end }}
{{- end }}
{{- with .Values.evaluator.precision }}
NasCluster__Evaluator__Precision: {{ title . }}
{{- end }}
NasCluster__Evaluator__Threads: {{ .Values.evaluator.threads | quote }}
NasCluster__Evaluator__BatchSize: {{ .Values.evaluator.batchSize | quote }}
NasCluster__Evaluator__Grace: {{ include "nas.timeSpan" .Values.evaluator.graceSeconds | quote }}
NasCluster__Liveness__ProbeTimeout: {{ include "nas.timeSpan" .Values.liveness.probeSeconds | quote }}
NasCluster__Liveness__MissedProbes: {{ .Values.liveness.missedProbes | quote }}
{{- if ne .Values.tls.mode "none" }}
NasCluster__Tls__Certificate: /tls/tls.crt
NasCluster__Tls__Key: /tls/tls.key
NasCluster__Tls__Authority: /tls/ca.crt
{{- end }}
{{- with .Values.telemetry.otlp }}
NasCluster__Otlp: {{ . | quote }}
{{- end }}
# Nothing is written for debuggers: the root is read-only.
DOTNET_EnableDiagnostics: "0"
{{- end -}}

{{- /* Connection strings, by reference: (dict "root" $ "database" the Secret with PostgreSQL's). */ -}}
{{- define "nas.siloSecrets" -}}
{{- $database := .database -}}
{{- $root := .root -}}
{{- $identity := $root.Values.azure.workloadIdentity.enabled -}}
{{- range $section, $provider := dict "Clustering" $root.Values.clustering.provider "Storage" $root.Values.storage.provider }}
{{- if eq $provider "PostgreSql" }}
- name: NasCluster__{{ $section }}__ConnectionString
  valueFrom: {secretKeyRef: {name: {{ $database.name }}, key: {{ $database.key }}}}
{{- else if $root.Values.azurite.enabled }}
- name: NasCluster__{{ $section }}__ConnectionString
  valueFrom: {secretKeyRef: {name: {{ include "nas.name" $root }}-azurite, key: connection-string}}
{{- else if not $identity }}
- name: NasCluster__{{ $section }}__ConnectionString
  valueFrom: {secretKeyRef: {name: {{ $root.Values.azure.connectionStringSecret.name }}, key: {{ $root.Values.azure.connectionStringSecret.key }}}}
{{- end }}
{{- end }}
{{- end -}}
