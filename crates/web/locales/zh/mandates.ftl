# 经办人授权：单位授权个人为经办人。

mandates-title = 经办人授权
mandates-lead = 法定代表人（负责人、经营者）可以授权个人为本单位的经办人。对方接受后生效，到期自动失效，随时可以撤回。
mandates-link = 授权他人为经办人，或查看授权给我的
mandates-mine = 授权给我的
mandates-mine-text = 接受后，您以经办人身份办事：您的查看和操作，单位都能看到；公职人员须回避与该单位有关的审批。
mandates-given = 我单位的经办人
mandates-given-none = 还没有经办人。
mandates-none = 没有授权
mandates-none-text = 登记库中没有以您为法定代表人、负责人或经营者的单位，也没有单位授权您为经办人。
mandates-new = 授权经办人
mandates-new-lead = 写明授权给谁、可以做什么、从哪天到哪天（《民法典》第一百六十五条）。最长 { $months } 个月。
mandates-principal = 单位
mandates-name = 经办人姓名
mandates-name-hint = 与身份证上的一致
mandates-code = 经办人身份证号码
mandates-code-hint = 对方须用实名认证过的账号登录，才能接受
mandates-powers = 可以做什么
mandates-power = { $power ->
    [look] 查看和下载证照
    [share] 出示和分享证照（用证码、链接、加注件）
   *[apply] 申请和跟进办件、预约取号、评价
  }
mandates-power-all = 以上全部
mandates-matters = 限定事项
mandates-matters-hint = 不选即不限。只限定申请和跟进办件，最多 20 个
mandates-matters-open = 限定到个别事项（可不填）
mandates-only = 仅限：{ $matters }
mandates-first = 第一天
mandates-last = 最后一天
mandates-last-hint = 到这一天的 24 时自动失效
mandates-grant = 授权
mandates-how = 授权以后
mandates-how-1 = 对方接受后才生效；接受以前，什么也做不了。
mandates-how-2 = 您随时可以撤回，立即生效，包括对方已经打开的页面。
mandates-how-3 = 对方每次查看单位的证照，都记入“谁看过我的信息”。
mandates-how-4 = 经办人不能再授权他人。
mandates-term = { $first } 至 { $last }
mandates-state = { $state ->
    [offered] 待接受
    [future] 尚未开始
    [active] 有效
    [revoked] 已撤回
    [resigned] 已辞去
   *[over] 已到期
  }
mandates-accept = 接受
mandates-decline = 不接受
mandates-resign = 辞去
mandates-revoke = 撤回
mandates-of = { $clerk }，{ $principal }
mandates-role = { $role ->
    [enterprise] 法定代表人
    [organisation] 负责人
   *[individual-business] 经营者
  }
mandates-clerk-until = 经办人，至 { $date }
mandates-ground = 凭单位授权，{ $first } 至 { $last }
mandates-access-clerk = 经办人 { $name }
mandates-access-list = 证照列表
