-- Why a schedule or a batch started nothing, as the console says it in the language of whoever looks; `reason` are the
-- words for those who read the interface.
alter table fermata.firings add column why json;
alter table fermata.batch_targets add column why json;
