# Words of the pages for staff.

desk-home = 我的待办
desk-walk-in = 现场收件
desk-identity = 窗口实名
desk-reset = 重设密码
desk-watch = 效能监督
desk-studio = 事项管理
desk-all-done = 待办已清空
desk-all-done-text = 有新的办件会按期限排在这里。
desk-pile = { $pile ->
    [feedback] 预审反馈
    [accept] 待受理
    [review] 待审核
    [inspect] 现场核查
    [decide] 待审批
    [deliver] 待送达
   *[check] 事后核查
  }
desk-pile-about = { $pile ->
    [feedback] 申请人还没有正式提交，请一次说清要改什么。
    [accept] 法定期限内不告知补正就视为受理，按期限先后排列。
    [review] 已受理，请审查并提出意见。
    [inspect] 须由两名以上工作人员现场核查。
    [decide] 审核已完成，等待审批决定。
    [deliver] 结果已经做好，等待送达。
   *[check] 自动审批和告知承诺之后的核查，以及转人工的复核。
  }
desk-pile-all = 全部
desk-pile-empty = 这里没有待办
desk-pile-empty-text = 有新的办件会按期限排在这里。
desk-filter = 部门
desk-filter-go = 筛选
desk-col-matter = 事项
desk-col-received = 收件
desk-col-department = 部门
desk-col-condition = 条件
desk-col-cell = 要求
desk-col-held = 是否满足
desk-col-day = 日期
desk-col-automation = 审批方式
desk-col-version = 版本
desk-left = { $n ->
    [0] 今天到期
   *[other] 剩 { $n } 个工作日
  }
desk-over = { $n ->
    [0] 刚过期限
   *[other] 超 { $n } 个工作日
  }

desk-jump = 页内导航
desk-acts = 办理
desk-form = 填写内容
desk-materials = 材料
desk-no-materials = 本事项没有提交材料。
desk-rules = 规则核对
desk-opinions = 审查意见
desk-blockers = 有 { $n } 项还不齐备
desk-origin = 申报来源
desk-origin-word = { $origin ->
    [web] 网上申请
    [window] 窗口收件
   *[api] 系统对接
  }
desk-pledge = 告知承诺
desk-pledge-signed = 已签署（版本 { $version }，{ $moment }）
desk-licence = 证照
desk-guide = 办事指南
desk-matter-version = 事项版本 { $version }
desk-changed-now = 本次补正
desk-changed = 其他人刚刚更新了这个办件。页面已是最新内容，请核对后再提交。
desk-from-licence = 免提交：电子证照 { $number }
desk-from-elsewhere = 免提交：{ $issuer }的电子证照 { $number }
desk-from-register = 免提交：{ $register }
desk-from-silence = { $register }收件时没有应答：请自行查询核实，再给出审查意见
desk-to-look-at = 待人工核实
desk-from-pledge = 以告知承诺替代
desk-from-later = 容缺，受理后补交
desk-gap-slot = 容缺材料
desk-gap-result = 核对结果
desk-walk-later-title = 容缺受理
desk-walk-later-text = 下列材料可以容缺。勾选后，其中没有提交的由申请人在受理通知书载明的期限内补齐，补齐以前不发证。
desk-walk-later = 申请人选择容缺受理，并已签署补齐承诺
desk-from-paper = 窗口已验看纸质材料：{ $note }
desk-unchecked = 未核对
desk-in-order = 齐全有效
desk-defective = 有问题
desk-verdict = 核对结果
desk-note = 问题说明
desk-note-missing = 《{ $name }》：请写明有什么问题、怎么改。
desk-verdict-missing = 请选择《{ $name }》的核对结果。
desk-rules-approve = 规则通过
desk-rules-refuse = 规则建议不予许可
desk-rules-manual = 规则转人工
desk-fired = 命中
desk-not-fired = 未命中
desk-inputs = 规则使用的数据
desk-row-empty = 这一行没有条件，其他行都不命中时适用。

desk-act = { $command ->
    [give-feedback] 预审反馈
    [give-verdicts] 保存核对结果
    [correct-on-spot] 当场更正
    [accept] 受理
    [accept-with-gaps] 容缺受理
    [check-gap] 核对补交材料
    [receive-gap] 窗口收取容缺材料
    [request-correction] 一次性告知补正
    [decline-acceptance] 不予受理
    [give-opinion] 提交意见
    [grant] 准予
    [return] 退回审核
    [refuse] 不予许可
    [pause] 启动特别程序
    [resume] 特别程序结束
    [extend] 延长期限
    [deliver] 送达
    [close] 办结
    [answer-check] 登记核查结果
   *[terminate] 终止办理
  }
desk-act-about = { $command ->
    [give-feedback] 列出建议修改的内容；一项都不列，表示可以正式提交。
    [correct-on-spot] 申请人在场、可以当场更正的错误，不必发告知书（行政许可法第三十二条第一款第三项）。
    [accept] 将签发《受理通知书》，承诺时限和法定时限从现在开始计算。
    [accept-with-gaps] 制发容缺受理通知书，载明所缺材料、补齐期限和逾期后果；办理期限开始计算，补齐以前不能准予。
    [check-gap] 申请人已补交，请核对；有问题的写明怎么改，仍须在期限内补齐。
    [receive-gap] 申请人把纸质件交到窗口，您当场核对无误。
    [request-correction] 将签发《补正材料一次性告知书》。只能告知一次，请列全；申请人补正期间不计时。
    [decline-acceptance] 将签发《不予受理决定书》，写明理由和救济途径。
    [give-opinion] 意见会随办件交给下一环节，并保留在办件记录中。
    [grant] 将以您的名义签发《准予行政许可决定书》并制作证照，签发后不能撤回。
    [return] 退回审核环节，期限继续计算。
    [refuse] 将签发《不予行政许可决定书》，写明理由和救济途径（行政许可法第三十八条）。
    [pause] 将签发《特别程序告知书》，告知所需时间；这段时间不计入期限（行政许可法第四十五条）。
    [resume] 特别程序完成，期限恢复计算。
    [extend] 只能延长一次，须经负责人批准，并将理由告知申请人（行政许可法第四十二条）。
    [deliver] 登记送达后，办件即办结。
    [close] 结果已经送达，归档办结。
    [answer-check] 登记这次核查发现了什么。
   *[terminate] 不再作出决定，办件到此为止。
  }
desk-done = { $command ->
    [give-feedback] 已反馈给申请人
    [give-verdicts] 核对结果已保存
    [correct-on-spot] 已当场更正
    [accept] 已受理，通知书已签发
    [accept-with-gaps] 已容缺受理，通知书已盖章
    [check-gap] 核对结果已登记
    [receive-gap] 已收取
    [request-correction] 补正告知书已签发
    [decline-acceptance] 不予受理决定书已签发
    [give-opinion] 意见已提交
    [grant] 已准予，决定书已签发
    [return] 已退回审核
    [refuse] 不予许可决定书已签发
    [pause] 已启动特别程序，期限暂停
    [resume] 期限恢复计算
    [extend] 期限已延长
    [deliver] 已登记送达
    [close] 已办结
    [answer-check] 核查结果已登记
    [terminate] 已终止办理
    [walk-in] 已收件
   *[other] {""}
  }
desk-write = 请填写“{ $field }”。
desk-choose = 请选择“{ $field }”。
desk-reason = 理由
desk-reasons = 理由
desk-reasons-against = 审核意见建议不予许可，准予须写明理由。
desk-points = { $list ->
    [feedback] 建议修改的内容
   *[correct] 需要补正的内容
  }
desk-point = 一项
desk-points-hint = { $list ->
    [feedback] 一项写一处，说清怎么改。
   *[correct] 已按核对结果和缺少的内容列出，请补全后签发。
  }
desk-points-second = 已经告知过一次。只能就申请人新提交的内容提出新发现的问题，每项须选原因。
desk-points-half = “{ $field }”：每一项都要选择对象并写明内容；不需要的请删除。
desk-points-none = “{ $field }”：请至少列出一项。
desk-point-about = 对象
desk-point-text = 有什么问题、怎么改
desk-point-new = 为什么第一次没能发现
desk-about-material = 材料：{ $name }
desk-about-field = 填写：{ $name }
desk-new-defect = { $code ->
    [in-new-material] 新提交的材料本身有问题
    [contradicts-other] 新提交的内容与其他材料矛盾
   *[expired-meanwhile] 证件在此期间过期
  }
desk-ground-label = 依据
desk-ground = { $ground ->
    [not-needed] 依法不需要取得许可（第三十二条第一项）
    [wrong-authority] 不属于本机关职权（第三十二条第二项）
    [still-lacking] 补正后仍缺告知书列明的内容
   *[barred] 在不得再次申请的期限内（第七十八条）
  }
desk-authority = 应当向哪个机关申请
desk-authority-hint = 不属于本机关职权时必须写明
desk-barred-since = 认定虚假材料的决定日期（适用第七十八条时填写）
desk-barred-decision = 该决定的文号（适用第七十八条时填写）
desk-lacking = 告知书中仍未补正的内容
desk-lacking-hint = 只能选告知书列出过的
desk-proposal = 建议
desk-favourable = 建议准予
desk-unfavourable = 建议不予许可
desk-opinion = 审查意见
desk-findings = 核查情况
desk-officer = 核查人员{ $n ->
    [1] 一
   *[other] 二
  }
desk-officers-hint = 现场核查须两人以上（行政许可法第三十四条）
desk-procedure = 程序
desk-days = 预计工作日
desk-days-hint = 会写进告知书
desk-days-wrong = “{ $field }”请填 1 到 365 之间的整数。
desk-method = 送达方式
desk-by-window = 窗口领取
desk-by-download = 网上送达
desk-check-kind = 核查事由
desk-check = { $kind ->
    [pledge] 核查承诺内容
    [asked] 申请人要求人工复核
    [follow-up] 整改复查
   *[sample] 自动审批抽查
  }
desk-check-result = 结论
desk-check-stands = 决定成立，或已整改到位
desk-check-wrong = 有误或不实，须整改后复查；严重的另行撤销证照

desk-who-applicant = 申请人
desk-feedback-fine = 没有要改的，可以正式提交。
desk-verdicts = 核对 { $n } 份材料，{ $bad_n } 份有问题
desk-event = { $kind ->
    [opened] 创建办件
    [feedback-given] 预审反馈
    [revised] 修改申请
    [filed] 收件
    [corrected-on-spot] 当场更正
    [verdicts-given] 核对材料
    [correction-requested] 一次性告知补正
    [resubmitted] 提交补正
    [not-accepted] 不予受理
    [accepted] 受理
    [gaps-supplied] 补交容缺材料
    [gap-checked] 核对补交材料
    [gaps-reminded] 已催交容缺材料
    [deemed] 逾期未告知，视为受理
    [rules-ran] 规则核对后转人工
    [opinion-given] 审查意见
    [returned] 退回审核
    [paused] 特别程序，期限暂停
    [resumed] 期限恢复计算
    [extended] 延长期限
    [granted] 准予
    [granted-by-rules] 规则自动准予
    [refused] 不予许可
    [check-ordered] 安排事后核查
    [check-done] 核查完成
    [licence-issued] 制证
    [delivered] 送达
    [closed] 办结
    [withdrawn] 申请人撤回
    [terminated] 终止办理
    [deadlines-recomputed] 节假日安排更新，重算期限
    [late-promise] 承诺期限已过
    [late-limit] 法定期限已过
    [late-delivery] 送达期限已过
    [check-due] 核查到期
   *[erased] 内容已依法删除
  }

desk-identity-lead = 请申请人出示身份证原件，人、证、账号三者一致后再提交。
desk-identity-login = 申请人的登录名
desk-identity-code = 身份证号码
desk-identity-seen = 已当面核对本人和身份证原件
desk-identity-go = 完成实名认证
desk-identity-done = 已完成实名认证
desk-identity-done-text = 申请人现在可以登录，看到自己的办件和证照。

desk-watch-lead = 红灯超期，黄灯临期，绿灯正常；从部门一路看到办件。
desk-watch-days = 最近 14 天
desk-watch-offices = 各部门
desk-figure = { $name ->
    [filed] 收件
    [accepted] 受理
    [granted] 准予
    [automatic] 其中自动
    [refused] 不予许可
    [deemed] 视为受理
    [opened-by-department] 办件总数
    [late-promise] 超承诺时限
    [late-limit] 超法定时限
    [late-delivery] 超送达期限
   *[check-due] 核查到期
  }
desk-chart = 最近 14 天收件 { $filed_n } 件，准予 { $granted_n } 件；逐日数字见下表
desk-studio-lead = 共 { $n } 个事项，其中 { $auto_n } 个正在自动审批。
desk-automatic = 自动审批
desk-automatic-paused = 自动审批已暂停
desk-by-people = 人工审批
desk-code = 实施编码
desk-share = 事后抽查比例
desk-share-of = { $n }%
desk-switch-hint = 会记入日志
desk-pause-title = 暂停自动审批
desk-pause-go = 立即暂停
desk-resume-title = 恢复自动审批
desk-resume-go = 恢复

desk-walk-lead = 任何窗口都能收任何事项。先选事项，再输入申请人的号码。
desk-walk-search = 找事项
desk-walk-search-hint = 用申请人的话说，例如：开饭店
desk-walk-search-go = 查找
desk-walk-pick = 选择事项
desk-walk-none = 没有找到，请换个说法。
desk-walk-applicant = 申请人
desk-walk-code = 统一社会信用代码或身份证号码
desk-walk-agent = 经办人身份证号码
desk-walk-agent-hint = 由他人代办时填写
desk-walk-find = 查询
desk-walk-unknown = 登记库中没有这个号码，请核对后再查。
desk-walk-silent = 登记库暂时没有应答，请稍后再查。
desk-walk-bad-code = 请输入 18 位统一社会信用代码或身份证号码。
desk-walk-kind = 本事项不面向这类申请人，请核对事项或号码。
desk-walk-paper-hint = 写明验看了什么，例如：原件 1 份 3 页；没有就留空
desk-walk-ready = 免提交
desk-walk-pledge = 申请人已阅读并签署告知承诺书
desk-walk-refresh = 按已填内容更新问题
desk-walk-send = 收件
desk-walk-other = 换一个事项
desk-walk-incomplete = 内容不齐也先收件，随后一次性告知补正
desk-walk-duplicate = 同样的申请正在办理中，办件编号 { $number }，无需重复收件。

desk-licences = 证照管理
desk-find = 输入办件编号
desk-find-go = 查找
desk-find-none = 没有这个编号的办件，请核对后再查。
desk-received-on = { $day }收件
desk-tile-late = 超期 { $much }
desk-tile-near = 临期 { $much }
desk-risk = { $risk ->
    [high] 重点核查
   *[watch] 需留意
  }
desk-next = 下一件
desk-previous = 上一件
desk-preview = 预览文书
desk-preview-must = 预览并签发
desk-all-in-order = 其余全部齐全有效
desk-precedents = 本事项以往决定
desk-present-files = 已有 { $n } 个文件
desk-present-none = 尚未提交
desk-sign-title = 签发前核对
desk-sign-lead = 左侧就是将要签发的全文。签发后加盖电子印章、编号并送达申请人，不能撤回。
desk-sign-text = 编号在签发时生成。签发的文字与此处完全一致；如果期间发生变化，会请您重新核对。
desk-sign-who = 签发人
desk-sign-seal = 电子印章
desk-sign-to = 送达
desk-sign-go = 确认签发：{ $act }
desk-sign-back = 返回修改
desk-sign-changed = 文书内容在您核对期间有变化，请按下面的最新内容重新核对。
desk-on-spot-note = 更正了什么
desk-on-spot-note-hint = 会记入办件记录，例如：更正联系电话一位数字
desk-on-spot-materials = 只填本次更换的材料，其余保持不变。
desk-on-spot-incomplete = 其余不齐的内容随后一次性告知补正
desk-on-spot-go = 保存更正
desk-walk-seen = 已验看纸质原件
desk-walk-scan = 扫描上传
desk-walk-stage = { $stage ->
    [1] 用申请人的话找到事项
    [2] 输入号码，登记库已有的内容自动填好
   *[3] 核对、验看或扫描材料，收件
  }
desk-identity-stage = { $stage ->
    [1] 请申请人出示身份证原件
    [2] 人、证、账号三者一致
   *[3] 认证后，申请人可以看到自己的办件、证照和预填内容
  }
desk-light = { $light ->
    [late] 超期
    [near] 临期
    [on-time] 正常
   *[paused] 暂停
  }
desk-light-none = 没有这样的办件
desk-light-none-text = 换一种灯色看看，或者回到效能监督。
desk-watch-lights = 红绿灯
desk-watch-offices-text = 在办的办件按期限亮灯；点部门或数字看到具体办件。
desk-watch-export = 导出 CSV
desk-watch-calm = { $n } 个部门没有在办件
desk-watch-counters = 数字由办件记录实时累计，每一件只计一次。
desk-watch-table = 逐日数字
desk-studio-rules = 按规则审批
desk-studio-rules-text = 规则能够明确通过的当场准予，其余转人工。可随时暂停。
desk-pause-text = 暂停后，新的申请全部转人工审批；已经作出的决定不受影响。
desk-resume-text = 恢复后，规则能够明确通过的申请当场准予。
desk-licences-lead = 暂扣、恢复、撤销（行政许可法第六十九条）或者注销（第七十条）本部门颁发的证照，公示页面即时更新。
desk-licence-find = 找证照
desk-licence-find-hint = 证照标识、办件编号、持证人代码，或者扫描证照二维码得到的地址
desk-licence-none = 没有找到
desk-licence-none-text = 请核对号码。只能看到本部门颁发的证照。
desk-licence-public = 公示页面
desk-licence-ended = 该证照已经失效
desk-renews = （有效期至 { $date }）
desk-licence-suspended = 该证照正在暂扣期间
desk-suspended-until = 暂扣至
desk-suspend-until = 暂扣的最后一日
desk-suspend-until-hint = 到期自动恢复效力；决定书没有写明期限的留空，恢复时另行办理
desk-end-title = 更正、暂扣、恢复、撤销或者注销
desk-end = { $way ->
    [correct] 更正换发
    [suspend] 暂扣证照
    [resume] 恢复效力
    [revoke] 撤销证照
   *[cancel] 注销证照
  }
desk-end-about = { $way ->
    [correct] 证照上的文字与决定不一致的，换发新的版本，编号和有效期不变。需要重新作出决定的，应当办理变更，不能更正。
    [suspend] 依据已经生效的决定，在一段时间内停止证照的效力；期间不能据以办事，也不能免交材料。
    [resume] 暂扣的原因已经消除，证照自即刻起恢复效力。
    [revoke] 许可本身不应当准予。依据行政许可法第六十九条，自撤销起失效。
   *[cancel] 许可已经没有存续的理由。依据行政许可法第七十条办理注销手续。
  }
desk-end-ground = 法定情形
desk-end-details = 事实和经过
desk-end-details-hint = 写明查明的事实、日期和依据的文书；会长期保存
desk-end-sure = { $way ->
    [correct] 我已对照决定核对，新证照立即生效
    [suspend] 我已核对决定文书，暂扣后立即公示
    [resume] 我已核对，恢复后立即公示
    [revoke] 我已核对，撤销后立即公示，不能恢复
   *[cancel] 我已核对，注销后立即公示，不能恢复
  }
desk-end-unsure = 请先确认再提交。

desk-holidays = 节假日安排
desk-holidays-lead = 国务院公布下一年度节假日安排后在这里导入。导入后，所有未到期的期限自动重算，日期有变化的申请人会收到消息。
desk-holidays-done = 已导入
desk-holidays-last = 已公布至
desk-holidays-moved = 期限有变化的办件
desk-holidays-published = 已公布年度
desk-holidays-provisional = 暂定年度
desk-holidays-imported = { $date } 导入
desk-holidays-import = 导入
desk-holidays-source = 通知文号
desk-holidays-source-hint = 例如：国办发明电〔2026〕7号
desk-holidays-file = 安排文件
desk-holidays-file-hint = CSV 文件，列为 date,kind,name，每个放假或调休日一行。
desk-holidays-go = 导入并重算期限

desk-reset-lead = 申请人忘记密码时使用。请核对本人和证件原件，再发放一次性重设码。
desk-reset-code = 证件上的公民身份号码
desk-reset-document = 核对的证件
desk-reset-seen = 已当面核对本人和证件原件
desk-reset-go = 发放重设码
desk-reset-stage = { $stage ->
    [1] 请申请人出示证件原件，核对本人
    [2] 发放重设码，把单子交给本人
   *[3] 本人在登录页点“忘记密码”，设置新密码
  }
desk-reset-told = 每次发放都会记入日志，并通知账号持有人。
desk-reset-done = 重设码已发放
desk-reset-done-text = 请打印或抄给本人。离开此页后不能再查看，旧的重设码同时失效。
desk-reset-slip = 密码重设单
desk-reset-login = 账号名
desk-reset-secret = 重设码
desk-reset-until = 有效期至
desk-reset-where = 在哪里设新密码
desk-reset-another = 再发一张
desk-licence-genuine = 签名核验通过
desk-licence-fetched = 调取来源
desk-licence-fetched-from = { $peer }，{ $at } 确认有效
desk-licence-false = 签名核验未通过

desk-seals = 电子印章
desk-seals-lead = 各部门的电子印章：归谁使用、有效期到何时、样子如何，以及谁在什么时候用过。
desk-seals-none = 还没有电子印章
desk-seals-none-text = 第一次生成 PDF 或 OFD 证照时，会自动制章并登记在这里。
desk-seal-number = 印章标识
desk-seal-size = 印模直径
desk-seal-millimetres = { $side } 毫米
desk-seal-edition = 印章标准
desk-seal-v4 = GB/T 38540-2020（第 4 版）
desk-seal-v5 = GM/T 0031-2025（第 5 版）
desk-seal-in-use = 使用中
desk-seal-retired = 已停用
desk-seal-over = 已过有效期
desk-seal-uses = 用印记录
desk-seal-uses-text = 每生成一份带章的文件，交付之前先登记一次。已生成的文件再次下载不重复登记。
desk-seal-when = 时间
desk-seal-who = 经办
desk-seal-form = 文件
desk-seal-holder = 持证人或其代办人
desk-seal-older = 更早的记录
desk-seal-unused = 还没有用过
desk-seal-unused-text = 生成带章的文件后会出现在这里。

desk-papers = 纸质证照
desk-papers-lead = 把持证人手里的纸质证照录入并由另一位同事核对原件。确认后可代替纸质材料，但不是本平台签发的电子证照。
desk-papers-find = 持证人的证件号码或统一社会信用代码
desk-papers-waiting = 待确认
desk-papers-found = 查询结果
desk-papers-none = 没有待确认的纸质证照
desk-papers-none-text = 同事录入后会出现在这里，由您核对原件。
desk-papers-unknown-text = 此人或单位没有录入过纸质证照，请核对号码。
desk-paper-enter = 录入纸质证照
desk-paper-enter-lead = 请照原件逐项填写，上传扫描件；由另一位同事核对原件后生效。
desk-paper-go-on = 继续
desk-paper-send = 录入
desk-paper-correct = 更正
desk-paper-says = 证照上写明的内容
desk-paper-lines = 照面信息
desk-paper-code = 持证人证件号码
desk-paper-issued = 颁发日期
desk-paper-from = 有效期起
desk-paper-to = 有效期止
desk-paper-to-hint = 长期有效的不填。
desk-paper-scan = 原件扫描件
desk-paper-scan-open = 打开扫描件
desk-paper-not-sealed = 由窗口照纸质原件录入，没有本平台的签名和印章。
desk-paper-entered-by = 录入
desk-paper-confirmed-by = 核对原件
desk-paper-closed-by = 处理
desk-paper-reason = 理由
desk-paper-seen = 我已核对原件，内容与录入一致
desk-paper-look = 查看录入内容和扫描件
desk-paper-waits = 等待另一位同事确认
desk-paper-waits-text = 录入人不能确认自己录入的证照。
desk-paper-state = { $state ->
    [entered] 纸质 · 待确认
    [confirmed] 纸质 · 已核对
    [rejected] 纸质 · 不予确认
   *[ended] 纸质 · 已终止
  }
desk-paper-do = { $step ->
    [confirm] 确认
    [reject] 不予确认
   *[end] 终止
  }
desk-paper-do-about = { $step ->
    [confirm] 确认后这份证照可代替纸质材料。
    [reject] 原件与录入不一致，或没有原件。
   *[end] 证照已缴回、被原发证机关收回或换发，今后不再作数。
  }
desk-paper-done = { $step ->
    [enter] 已录入，等待另一位同事核对原件
    [confirm] 已确认
    [reject] 已记为不予确认
    [correct] 已更正，需要重新核对原件
   *[end] 已终止
  }
desk-from-entered-paper = 免提交：窗口核对过的纸质证照 { $number }
