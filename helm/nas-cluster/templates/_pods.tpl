{{- /* What pods of every component have in common. */ -}}

{{- /* The user of all images; nobody else's files are reachable, and files of volumes belong to its group. */ -}}
{{- define "nas.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "nas.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
{{- end -}}

{{- define "nas.pullSecrets" -}}
{{- with .Values.images.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* Where pods go, as values say it. */ -}}
{{- define "nas.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .runtimeClassName }}
runtimeClassName: {{ . }}
{{- end }}
{{- end -}}

{{- /* The volume of super-networks. */ -}}
{{- define "nas.superNetworkVolume" -}}
{{- $volume := .Values.superNetworks.volume -}}
{{- if eq $volume.kind "image" }}
- name: super-networks
  image:
    reference: {{ $volume.image.reference }}
    pullPolicy: {{ $volume.image.pullPolicy }}
{{- else if ne $volume.kind "none" }}
- name: super-networks
  persistentVolumeClaim: {claimName: {{ include "nas.claim" . }}}
{{- end }}
{{- end -}}

{{- define "nas.superNetworkMount" -}}
{{- if ne .Values.superNetworks.volume.kind "none" }}
- {name: super-networks, mountPath: /super-networks, readOnly: true}
{{- end }}
{{- end -}}
