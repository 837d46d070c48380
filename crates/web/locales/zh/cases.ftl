# 申请与办件。

cases-yes = 是
cases-no = 否
cases-saved = 已保存
cases-saved-at = 已保存 { $time }
cases-not-saved = 还没存上，恢复网络后会再试
cases-go-on = 继续
cases-start = 开始填写
cases-save-go-on = 保存并继续
cases-save-leave = 保存，以后再办
cases-back-to-check = 保存，回到核对页
cases-to-tasks = 回到任务清单
cases-part-pledge = 告知承诺
cases-part-materials = 申请材料
cases-part-check = 核对并提交
cases-begin-title = 办理：{ $name }
cases-begin-as = 以谁的名义申请
cases-begin = 开始办理
cases-change-applicant = 更换申请人
cases-draft-waiting = 您有没办完的申请
cases-draft-go-on = 接着办（{ $moment } 保存）
cases-nobody-title = 这件事由{ $who }申请
cases-nobody-text = 登记库里没有查到您可以代表的这类申请人。刚办好登记的，稍后再试；或带上身份证到窗口咨询。
cases-before-title = 开始之前
cases-before-days = 办结时限：{ $days }
cases-before-materials = 申请材料 { $total_n } 项{ $ready_n ->
    [0] {""}
   *[other] ，其中 { $ready_n } 项可从登记库取得，不用您交
  }
cases-before-saved = 边填边存，随时可以停下，换设备接着办
cases-tasks-title = 任务清单
cases-applicant-is = 申请人：{ $name }
cases-section-form = 填写
cases-section-papers = 材料
cases-section-send = 提交
cases-task-known = 已自动填好 { $n } 项
cases-task-pledge = 选择承诺办理或一般程序
cases-task-no-materials = 全部由政府共享或以承诺代替
cases-task-materials = 还差 { $n } 项
cases-task-check = 提交前看一遍
cases-sample-title = 新手模板
cases-sample-text = 用样例填好整张表，再改成您自己的情况。
cases-sample-button = 用样例填写
cases-other-device = 在另一台设备上继续
cases-other-device-text = 扫码或打开下面的网址，用同一账号登录。
cases-delete-link = 删除这份草稿
cases-delete-title = 删除草稿？
cases-delete-text = “{ $name }”已填写的内容会全部删除，不能恢复。
cases-delete-button = 删除
cases-grown-title = 根据您的回答，本页增加了问题
cases-grown-text = 请接着填写新出现的问题。
cases-materials-ready = 不用您交
cases-materials-pledged = 以承诺代替
cases-materials-asked = 需要您上传
cases-materials-nothing = 没有需要您上传的材料
cases-materials-pledge = 选择告知承诺，可以少交 { $n } 项。
cases-material-missing = 请上传《{ $name }》。
cases-material-ready = 不用交
cases-material-unanswered = 登记库暂未应答，由工作人员核实，不用交
cases-material-pledged = 以承诺代替，原件留在场所备查
cases-material-later = 先容缺，受理后再补交
cases-material-later-hint = 手头还没有的可以后补；已有影像的，先传影像，正式件后补。补齐以前不发证。
cases-material-follows = 容缺，受理后补交
cases-material-image = 先交影像，正式件后补
cases-gaps-title = 容缺受理承诺
cases-gaps-text = 我承诺在受理通知书载明的期限内补齐以上材料。我知道：办件正常审查，补齐并核对以前不发证；逾期未补齐的终止办理，后果由我承担，并记入信用记录。
cases-gaps-accept = 我已阅读并同意以上承诺
cases-gaps-missing = 选择容缺后补的，请勾选同意承诺；不同意的，请先上传这些材料。
cases-gaps-next = 请补齐容缺材料
cases-gaps-owed = 已容缺受理，正在正常审查。请在 { $date }（含当日）以前补齐：{ $names }。逾期将终止办理。
cases-gaps-owed-open = 还需补交：{ $names }。补齐以前不发证。
cases-gaps-page = 补交容缺材料
cases-gaps-lead = 最后一日是 { $date }，以到达之日为准。可以分几次交。
cases-gaps-lead-open = 补齐以前不发证。可以分几次交。
cases-gaps-window = 也可以把纸质件交到任意综合窗口。
cases-do-supply = 提交容缺材料
cases-event-gaps = 已容缺受理
cases-event-supplied = 补交了容缺材料
cases-event-gap-closed = 补交的材料齐全有效
cases-event-gap-open = 补交的材料需要更换
cases-event-gap-reminded = 已提醒补齐容缺材料
cases-material-none = 没有提交
cases-material-optional = 选交
cases-material-basis = 要求依据：
cases-pledge-title = 选择办理方式
cases-pledge-lead = 告知承诺：您承诺符合条件，当场作出决定，事后再核查。
cases-pledge-outdated = 告知承诺书已更新，请重新阅读并签署
cases-pledge-question = 办理方式
cases-pledge-yes = 签承诺书办理
cases-pledge-yes-hint = 办结时限：{ $days }。少交材料，事后核查
cases-pledge-no = 按一般程序办理
cases-pledge-no-hint = 提交全部材料，由工作人员审查后决定
cases-pledge-notice = 告知内容
cases-pledge-saves = 选择承诺办理，以下材料不用提交：
cases-pledge-source = 适用依据：
cases-pledge-promise = 承诺内容
cases-pledge-accept = 我已阅读并同意以上承诺
cases-pledge-sign = 保存并继续
cases-signed-by = 签署人：
cases-signer-for = { $party }（{ $person } 代表）
cases-check-title = 提交前核对
cases-check-applicant = 申请人
cases-check-pledged = 告知承诺（已签署）
cases-check-ordinary = 一般程序
cases-missing = 还差 { $n } 项才能提交
cases-send-title = 提交申请
cases-send-declare = 我确认以上内容真实、完整，并承担相应的法律责任。
cases-send-by = 由 { $name } 提交
cases-send-automatic = 符合条件的当场批准，几秒钟出证
cases-send = 提交申请
cases-send-pre = 先请工作人员看看
cases-send-pre-text = 网上预审：工作人员先提意见，您改好后再正式提交，不占用办理期限。
cases-duplicate-title = 同样的申请正在办理
cases-duplicate-text = 不用重复提交，请查看：
cases-receipt-title = 申请已收到
cases-receipt-lead = 收件凭证已盖章，可以随时查看。
cases-receipt-pre-title = 已送去预审
cases-receipt-pre-lead = 这还不是正式提交。工作人员看过后会给您反馈。
cases-receipt-link = 收件回执
cases-matter = 事项
cases-department = 办理部门
cases-phone = 咨询电话
cases-agent = 经办人
cases-received-at = 收件时间
cases-answer-by = 最迟答复
cases-promise = 承诺时限
cases-promise-from = 受理后 { $days }
cases-provisional = （暂定，当年放假安排尚未公布）
cases-due = { $day } 24:00 前
cases-until = { $date } 前
cases-received = { $date } 收件
cases-follow = 查看进度
cases-ahead-pre-1 = 工作人员看过后给您反馈，通常一两天。
cases-ahead-pre-2 = 您按反馈改好，再正式提交。
cases-ahead-rules = 自动核验没有全部通过，已转给工作人员，您不用做什么。
cases-ahead-filed-1 = 在上面的答复期限内告诉您是否受理；需要补正的，一次说清。
cases-ahead-filed-2 = 逾期没有告知的，从收到之日起就算受理。
cases-ahead-filed-3 = 每一步都会发消息给您。
cases-approved-title = { $name }，已批准
cases-approved-lead = 您符合全部条件，证照已经生效。
cases-approved-lead-person = 申请已经准予。
cases-approved-check = 您签署了承诺：工作人员最迟 { $date } 上门核查承诺内容，请备好材料。
cases-decided-at = 决定时间
cases-decision-paper = 决定书
cases-drafts = 没办完的
cases-sent = 已提交的
cases-none = 还没有办件
cases-none-text = 提交申请后，可以在这里看到进度。
cases-none-action = 去办事
cases-state-draft = 草稿
cases-next-draft = 接着填写
cases-story = 办理进度
cases-papers = 盖章文书
cases-handed-in = 提交的内容
cases-show-answers = 查看填写内容和材料
cases-about = 基本信息
cases-more = 更多操作
cases-do-correct = 去补正
cases-do-correct-send = 提交补正
cases-do-revise = 去修改
cases-do-revise-send = 保存修改
cases-do-file = 正式提交
cases-do-withdraw = 撤回申请
cases-do-licence = 查看证照
cases-file-title = 正式提交申请？
cases-file-text = 提交后进入办理，开始计算期限。
cases-withdraw-title = 撤回这件申请？
cases-withdraw-text = 撤回后办理终止，可以随时重新申请。
cases-withdraw-reason = 撤回原因
cases-why-link = 为什么这样决定
cases-why-title = 为什么这样决定
cases-why-granted = 已准予
cases-why-refused = 不予许可
cases-why-not-accepted = 不予受理
cases-why-open = 还没有决定
cases-why-pending = 工作人员正在审查，作出决定后会在这里说明理由。
cases-why-by-rules = { $department }，依公开规则自动作出，{ $moment }
cases-why-by-person = { $department }，由工作人员作出，{ $moment }
cases-why-by-nobody = { $department }
cases-conditions = 逐项核对结果
cases-conditions-held = 符合 { $held_n } 项，共 { $total_n } 项。
cases-rules-approve = 系统按公开的审批规则核对了每一项条件。
cases-rules-refuse = 系统核对发现不符合的条件，是否许可由工作人员决定。
cases-rules-manual = 有条件没有通过自动核验，由工作人员审查；这不等于不符合。
cases-held = 符合
cases-not-held = 未通过
cases-value = 采用的数据
cases-source = 来源
cases-rule = 规则版本
cases-rule-text = 规则是公开的；以下编号可以证明用的是哪一版。
cases-rule-id = 规则
cases-rule-version = 版本
cases-rule-fired = 命中的行
cases-no-rules = 这件事由工作人员审查决定
cases-no-rules-text = 没有使用自动审批规则。决定的理由见上方和决定书。
cases-ask-title = 请人工复核
cases-ask-text = 对自动作出的决定有疑问，可以要求工作人员重新看一遍（《个人信息保护法》第二十四条），不影响已经取得的证照。
cases-ask-label = 请写明需要复核什么
cases-ask-hint = 例如：登记的地址已经变更
cases-ask = 转人工
cases-asked-title = 已转人工复核
cases-asked-text = 最迟 { $date } 答复。
cases-asked-confirmed = 人工复核：维持原决定
cases-asked-changed = 人工复核：原决定有误
cases-remedies = 不服怎么办
cases-remedies-text = 可以选择下面任一途径。
cases-remedy-reconsider = 行政复议
cases-remedy-sue = 行政诉讼
cases-check-ok = 通过
cases-check-bad = 未通过
cases-seal-good = 印章有效，内容完整
cases-seal-bad = 印章未通过核验
cases-document-text = 签名文件可以单独保存，任何人都能验证它没有被改动。
cases-message-act = 需要您处理
cases-message-new = 未读
cases-messages-read = 全部标为已读（{ $n }）
cases-messages-none = 还没有消息
cases-messages-none-text = 受理、补正、决定都会在这里通知您。
cases-correct-title = { $n ->
    [0] 修改申请
   *[other] 需要修改 { $n } 处
  }
cases-correct-lead = 请在 { $date } 前一次改好提交。只需要改下面列出的；这段时间不计入办理期限。
cases-revise-lead = 按反馈改好后正式提交。
cases-correct-others = 其他内容（不用改）
cases-correct-others-text = 确有需要才修改。
cases-correct-untouched = 还没有改：{ $point }
cases-correct-confirm = 我已核对，这些不用改，仍然提交
cases-current-files = 现在的文件：
cases-clock-promised = 承诺时限
cases-clock-statutory = 法定时限
cases-clock-answer = 受理答复时限
cases-clock-silence = 逾期没有告知，就算受理
cases-clock-yours = 您的补正期限
cases-clock-correction = 等您补正，这段时间不计时
cases-clock-special = 特别程序，所需时间不计入期限
cases-who-system = 系统
cases-who-you = 您
cases-who-window = 综合窗口
cases-why-all-held = 系统逐项核对，全部条件都符合。
cases-event-erased = 记录内容已依法删除
cases-event-opened = 您提交了预审
cases-event-feedback = 工作人员给了反馈
cases-event-feedback-fine = 没有问题，可以正式提交。
cases-event-revised = 您修改了申请
cases-event-filed = 收到申请
cases-event-corrected = 当场更正
cases-event-correction = 一次性告知补正
cases-event-until = 最迟 { $date }
cases-event-resubmitted = 您提交了补正
cases-event-accepted = 受理
cases-event-deemed = 视为受理
cases-event-deemed-text = 法定期限内没有告知补正，依法从收到之日起算受理。
cases-event-rules = 自动核验完成，转工作人员审查
cases-event-inspected = 现场核查完成
cases-event-reviewed = 审核完成
cases-event-returned = 退回重新审核
cases-event-paused = 计时暂停
cases-event-paused-text = { $name }，预计 { $n } 个工作日
cases-event-resumed = 恢复计时
cases-event-late-promise = 承诺的期限已过，仍在办理
cases-event-late-limit = 法定办理期限已过
cases-event-late-limit-text = 法定期限内没有作出决定的，您可以依法申请行政复议或者提起行政诉讼。
cases-event-extended = 依法延长一次
cases-event-granted = 准予
cases-event-granted-auto = 受理并准予（自动审批）
cases-event-refused = 不予许可
cases-event-authority = 请向{ $authority }申请
cases-event-not-accepted = 不予受理
cases-event-licence = 证照已生成
cases-event-delivered = { $method ->
    [window] 已在窗口交付
    [mail] 已邮寄送达
    [locker] 已从文件柜取走
   *[other] 已送达，可在线查看和下载
  }
cases-event-closed = 办结
cases-event-withdrawn = 您撤回了申请
cases-event-terminated = 终止办理
cases-event-check-ordered = { $kind ->
    [pledge] 将核查承诺内容
    [asked] 已转人工复核
    [follow-up] 请按核查意见整改，到期复查
   *[other] 抽中事后复核
  }
cases-event-check-done = 核查完成
cases-ahead-file = 您正式提交
cases-ahead-feedback = 等工作人员反馈
cases-ahead-revise = 请按反馈修改，或正式提交
cases-ahead-accept = 答复是否受理
cases-ahead-correct = 请提交补正
cases-ahead-decision = 作出决定
cases-ahead-inspect = 现场核查
cases-ahead-decide = 等待审批决定
cases-ahead-review = 审核中
cases-ahead-deliver = 等待领取
cases-state = { $state ->
    [pre-review] 网上预审中
    [feedback] 预审有反馈
    [filed] 已收件
    [correction] 待补正
    [in-review] 审核中
    [granted] 已准予
    [issued] 待领取
    [delivered] 已送达
    [closed] 已办结
    [not-accepted] 不予受理
    [refused] 不予许可
    [withdrawn] 已撤回
   *[other] 已终止
  }
cases-next = { $state ->
    [pre-review] 等工作人员反馈
    [feedback] 请查看反馈
    [filed] 等待答复是否受理
    [correction] 请补正
    [in-review] 正在审核，您不用做什么
    [granted] 可以领取结果
    [issued] 可以领取结果
    [delivered] 已经办好
    [closed] 已经办好
    [not-accepted] 没有受理，请看原因
    [refused] 没有批准，请看理由
    [withdrawn] 您已撤回
   *[other] 办理已终止
  }
cases-next-text = { $state ->
    [pre-review] 这还不是正式提交，不计办理期限。
    [feedback] 改好后正式提交，就进入办理。
    [filed] 需要补正的会一次说清；逾期没有告知就算受理。
    [correction] 只改列出的内容，一次提交。这段时间不计时。
    [in-review] 办好或有变化都会发消息给您。
    [granted] 请留意领取通知。
    [issued] 请带身份证到窗口领取。
    [delivered] 结果已送达。
    [closed] 结果可以随时查看。
    [not-accepted] 可以按说明到正确的部门申请，或补齐后重新申请。
    [refused] 对决定不服的，可以复议或者诉讼。
    [withdrawn] 可以随时重新申请。
   *[other] 可以重新申请。
  }
cases-document = { $state ->
    [receipt] 申请材料接收凭证
    [correction-notice] 补正材料一次性告知书
    [gap-acceptance] 容缺受理通知书
    [acceptance] 受理通知书
    [deemed-acceptance] 视为受理通知书
    [non-acceptance] 不予受理决定书
    [combined] 受理暨准予决定书
    [grant] 准予决定书
    [refusal] 不予许可决定书
    [special-procedure] 特别程序告知书
    [extension] 延长办理期限告知书
    [termination] 终止办理决定书
   *[other] 文书
  }
cases-number-later = （签发时编号）
cases-paused = 计时暂停
cases-next-paused = 计时已暂停，您不用做什么
cases-next-paused-text = 正在进行{ $name }，预计 { $n } 个工作日，不计入办理期限。结束后会发消息给您。
cases-next-by = { $what }，{ $due }
cases-sample-files = 演示城市会同时附上标有“演示样本”的附件。
cases-help-title = 遇到问题
cases-help-text = 拿不准的可以打电话问：
cases-help-phone = 用手机接着办
cases-help-phone-text = 用手机扫码，登录同一账号，可以直接拍照上传。
cases-renews = 延续的证照
cases-amends = 变更的证照
cases-event-renewal-deemed = 视为准予延续
cases-event-renewal-deemed-text = 有效期届满时还没有作出决定，原证照依照行政许可法第五十条继续有效。
