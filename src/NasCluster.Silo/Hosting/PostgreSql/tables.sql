-- What a silo needs of a PostgreSQL database: members of clusters, cells of grains, and the statements by which Orleans works with both.
--
-- Orleans' ADO.NET providers know no table but OrleansQuery. They read their statements from it by key; the parameters of each statement and
-- the columns it returns are a contract with them, everything else here is this file's own. Each statement is atomic by itself: it reads and
-- writes in one go, and whoever comes second finds the version changed and does nothing.
--
-- DatabaseTables runs this once, in one transaction. A change of anything here is a new version, with a script that leads to it.

create table nas_schema (version integer not null);
insert into nas_schema values (1);

-- Everything about the members of one cluster has one version, which every change but a sign of life moves on.
create table nas_cluster (
    cluster text primary key,
    version integer not null default 0
);

create table nas_member (
    cluster text not null references nas_cluster on delete cascade,
    address text not null,
    port integer not null,
    generation integer not null,
    silo_name text not null,
    host_name text not null,
    status integer not null,
    gateway_port integer not null,
    suspicions text,
    started timestamptz not null,
    alive timestamptz not null,
    primary key (cluster, address, port, generation)
);

-- Versions of cells come from one sequence: a cell that is deleted and made again never has a version it had before, so that nothing of a
-- deleted cell has to stay. Orleans takes versions for 32-bit numbers; two billion writes later an old one is nobody's any more.
create sequence nas_cell_version as integer cycle;

-- An integer or GUID key may have no text to it; that is another key than an empty text. So text is kept behind a colon, and none as ''.
create table nas_cell (
    service text not null,
    type text not null,
    key_high bigint not null,
    key_low bigint not null,
    key_text text not null,
    version integer not null default nextval('nas_cell_version'),
    payload bytea not null,
    written timestamptz not null default now(),
    primary key (service, key_text, type, key_high, key_low)
);

create table OrleansQuery (
    QueryKey text primary key,
    QueryText text not null
);

insert into OrleansQuery values
('InsertMembershipVersionKey', $statement$
    with added as (insert into nas_cluster (cluster) values (@DeploymentId) on conflict do nothing returning 1)
    select exists (select from added)
$statement$),

('MembershipReadAllKey', $statement$
    select m.address as Address, m.port as Port, m.generation as Generation, m.silo_name as SiloName, m.host_name as HostName, m.status as Status,
        m.gateway_port as ProxyPort, m.suspicions as SuspectTimes, m.started as StartTime, m.alive as IAmAliveTime, c.version as Version
    from nas_cluster c left join nas_member m using (cluster)
    where c.cluster = @DeploymentId
$statement$),

-- One row in any case: without the member, the version alone.
('MembershipReadRowKey', $statement$
    select m.address as Address, m.port as Port, m.generation as Generation, m.silo_name as SiloName, m.host_name as HostName, m.status as Status,
        m.gateway_port as ProxyPort, m.suspicions as SuspectTimes, m.started as StartTime, m.alive as IAmAliveTime, c.version as Version
    from nas_cluster c
    left join nas_member m on m.cluster = c.cluster and m.address = @Address and m.port = @Port and m.generation = @Generation
    where c.cluster = @DeploymentId
$statement$),

('InsertMembershipKey', $statement$
    with moved as (
        update nas_cluster set version = version + 1
        where cluster = @DeploymentId and version = @Version and not exists (
            select from nas_member
            where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning cluster),
    added as (
        insert into nas_member (cluster, address, port, generation, silo_name, host_name, status, gateway_port, started, alive)
        select cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from moved
        returning 1)
    select exists (select from added)
$statement$),

('UpdateMembershipKey', $statement$
    with moved as (
        update nas_cluster set version = version + 1
        where cluster = @DeploymentId and version = @Version and exists (
            select from nas_member
            where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning cluster),
    changed as (
        update nas_member m set status = @Status, suspicions = @SuspectTimes, alive = @IAmAliveTime
        from moved
        where m.cluster = moved.cluster and m.address = @Address and m.port = @Port and m.generation = @Generation
        returning 1)
    select exists (select from changed)
$statement$),

('UpdateIAmAlivetimeKey', $statement$
    update nas_member set alive = @IAmAliveTime
    where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$statement$),

('GatewaysQueryKey', $statement$
    select address as Address, gateway_port as ProxyPort, generation as Generation
    from nas_member
    where cluster = @DeploymentId and status = @Status and gateway_port > 0
$statement$),

('DeleteMembershipTableEntriesKey', $statement$
    delete from nas_cluster where cluster = @DeploymentId
$statement$),

-- 6 is Orleans' number for dead.
('CleanupDefunctSiloEntriesKey', $statement$
    delete from nas_member
    where cluster = @DeploymentId and status = 6 and started < @IAmAliveTime and alive < @IAmAliveTime
$statement$),

-- One dead member, unless something about it has changed since it was read.
('CleanupDefunctSiloEntryKey', $statement$
    delete from nas_member
    where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation
        and status = 6 and started = @StartTime and alive = @IAmAliveTime and coalesce(suspicions, '') = coalesce(@SuspectTimes, '')
$statement$),

('ReadFromStorageKey', $statement$
    select payload as PayloadBinary, version as Version
    from nas_cell
    where service = @ServiceId and key_text = coalesce(':' || @GrainIdExtensionString, '')
        and type = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1
$statement$),

-- Without a version the cell must be new; with one it must be there in that version. No row says that it is not so.
('WriteToStorageKey', $statement$
    with changed as (
        update nas_cell set payload = @PayloadBinary, version = nextval('nas_cell_version'), written = now()
        where service = @ServiceId and key_text = coalesce(':' || @GrainIdExtensionString, '')
            and type = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1 and version = @GrainStateVersion
        returning version),
    added as (
        insert into nas_cell (service, type, key_high, key_low, key_text, payload)
        select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(':' || @GrainIdExtensionString, ''), @PayloadBinary
        where @GrainStateVersion is null
        on conflict do nothing
        returning version)
    select version as NewGrainStateVersion from changed
    union all
    select version from added
$statement$),

-- Orleans takes the answer for the version of what is left; it need only be another than before.
('ClearStorageKey', $statement$
    delete from nas_cell
    where service = @ServiceId and key_text = coalesce(':' || @GrainIdExtensionString, '')
        and type = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1 and version = @GrainStateVersion
    returning nextval('nas_cell_version') as NewGrainStateVersion
$statement$),

('DeleteStorageKey', $statement$
    delete from nas_cell
    where service = @ServiceId and key_text = coalesce(':' || @GrainIdExtensionString, '')
        and type = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1 and version = @GrainStateVersion
    returning nextval('nas_cell_version') as NewGrainStateVersion
$statement$);
