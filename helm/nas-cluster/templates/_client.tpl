{{- /* How nasctl finds the cluster and proves itself. */ -}}

{{- define "nas.clientSettings" -}}
- {name: NASCTL_GATEWAY, value: "{{ include "nas.name" . }}-gateway:{{ .Values.ports.gateway }}"}
- {name: NASCTL_CLUSTER, value: {{ .Values.cluster | quote }}}
{{- if ne .Values.tls.mode "none" }}
- {name: NASCTL_TLS_CERTIFICATE, value: /tls/tls.crt}
- {name: NASCTL_TLS_KEY, value: /tls/tls.key}
- {name: NASCTL_TLS_AUTHORITY, value: /tls/ca.crt}
{{- end }}
- {name: DOTNET_EnableDiagnostics, value: "0"}
{{- end -}}

{{- define "nas.clientCertificates" -}}
{{- if ne .Values.tls.mode "none" }}
- name: tls
  secret: {secretName: {{ include "nas.certificates" (list . "clients") }}, defaultMode: 0440}
{{- end }}
{{- end -}}
