{{- /* Names, labels and images. */ -}}

{{- define "nas.name" -}}
{{- .Values.fullnameOverride | default .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- /* Labels by which a component's pods are chosen: (list $ "controller"). */ -}}
{{- define "nas.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: nas-cluster
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- /* Labels of an object: (list $ "controller"). */ -}}
{{- define "nas.labels" -}}
{{- $root := index . 0 -}}
{{ include "nas.selector" . }}
app.kubernetes.io/part-of: nas-cluster
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
{{- end -}}

{{- /* Labels that all silos have and nobody else. */ -}}
{{- define "nas.silos" -}}
app.kubernetes.io/name: nas-cluster
app.kubernetes.io/instance: {{ .Release.Name }}
nas-cluster/silo: "true"
{{- end -}}

{{- /* An image: (list $ .Values.images.silo). */ -}}
{{- define "nas.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- with $root.Values.images.registry }}{{ . }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default $root.Chart.AppVersion }}{{ end -}}
{{- end -}}

{{- /* Seconds as .NET writes a time span. */ -}}
{{- define "nas.timeSpan" -}}
{{- $seconds := int . -}}
{{- printf "%02d:%02d:%02d" (div $seconds 3600) (mod (div $seconds 60) 60) (mod $seconds 60) -}}
{{- end -}}

{{- define "nas.usesAzure" -}}
{{- if or (eq .Values.clustering.provider "AzureTables") (eq .Values.storage.provider "AzureBlobs") }}true{{ end -}}
{{- end -}}

{{- define "nas.usesPostgreSql" -}}
{{- if or (eq .Values.clustering.provider "PostgreSql") (eq .Values.storage.provider "PostgreSql") }}true{{ end -}}
{{- end -}}

{{- /* The claim super-networks are on; empty when they are on none. */ -}}
{{- define "nas.claim" -}}
{{- $volume := .Values.superNetworks.volume -}}
{{- if eq $volume.kind "claim" }}{{ $volume.claim.name }}{{ else if eq $volume.kind "newClaim" }}{{ include "nas.name" . }}-super-networks{{ end -}}
{{- end -}}

{{- /* Secret with the certificates of "silos" or "clients": (list $ "silos"). */ -}}
{{- define "nas.certificates" -}}
{{- $root := index . 0 -}}
{{- $whose := index . 1 -}}
{{- if eq $root.Values.tls.mode "secret" }}{{ index $root.Values.tls.secrets $whose }}{{ else }}{{ include "nas.name" $root }}-{{ $whose }}-tls{{ end -}}
{{- end -}}

{{- /* The port of an http address. */ -}}
{{- define "nas.portOf" -}}
{{- $parts := splitList ":" (urlParse .).host -}}
{{- if gt (len $parts) 1 }}{{ last $parts }}{{ else if eq (urlParse .).scheme "https" }}443{{ else }}80{{ end -}}
{{- end -}}
