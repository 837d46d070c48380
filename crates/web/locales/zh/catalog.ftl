catalog-title = 全部事项
catalog-lead = 按主题或部门找，也可以直接搜。
catalog-count = { NUMBER($count) } 项
catalog-search-title = 查找“{ $q }”
catalog-found = 找到 { NUMBER($count) } 项和“{ $q }”有关的事
catalog-results = 查找结果
catalog-nothing = 没有找到“{ $q }”
catalog-nothing-text = 换个说法试试，比如您想做的事（开饭店）、想要的证（卫生许可证）。还是找不到，请打 { $phone }，有人帮您查。
catalog-see-all = 看全部事项
catalog-filter-title = 缩小范围
catalog-who = 给谁办
catalog-who-all = 不限
catalog-who-person = 个人
catalog-who-company = 企业和组织
catalog-topic = 主题
catalog-department = 部门
catalog-any = 全部
catalog-apply-filter = 筛选
catalog-clear = 清除条件
catalog-automatic = 规则当场判断
catalog-visits = { $n ->
    [0] 不用跑
   *[other] 跑 { $n } 次
  }
catalog-visits-long = { $n ->
    [0] 一次也不用跑
   *[other] 到大厅 { $n } 次
  }
catalog-months-valid = 有效期 { $n } 个月
catalog-years-valid = 有效期 { $n } 年

catalog-can-title = 能不能办？
catalog-can-lead = 逐条对照，符合的打勾。
catalog-can-yes = 都符合，可以办。
catalog-can-yes-text = 提交后由工作人员或规则再核对一遍。
catalog-who-may = 可以申请的：
catalog-kind-person = 个人
catalog-kind-enterprise = 企业
catalog-kind-individual-business = 个体工商户
catalog-kind-organisation = 社会组织、事业单位等
catalog-strip-label = 要多久、多少钱、跑几次
catalog-strip-days = 多久办好
catalog-strip-statutory = 法定 { $period }
catalog-strip-from = 从{ $start }起算
catalog-start-acceptance = 受理
catalog-start-receipt = 收到材料
catalog-start-decision = 作出决定
catalog-start-notice = 通知
catalog-start-hearing = 告知听证权利
catalog-start-expiry = 有效期届满
catalog-strip-fee = 多少钱
catalog-strip-visits = 跑几次
catalog-strip-result = 拿到什么
catalog-no-result = 办理结果通知
catalog-electronic = 电子证照
catalog-plus-special = 遇到{ $kind }，另加 { $n } 个工作日左右

catalog-pledge-title = 可以签承诺，当场拿证
catalog-pledge-text = 您承诺符合条件，就先发证，{ $check }内上门核查。少交这些材料：
catalog-materials-title = 要带什么
catalog-materials-sum = 共 { $total_n } 项材料，{ $ours_n ->
    [0] 都由您提供
   *[other] 其中 { $ours_n } 项政府已有，不用您交
  }
catalog-materials-none = 什么都不用带
catalog-materials-none-text = 办这件事不需要提交材料，填表就行。
catalog-tag-free = 免提交
catalog-tag-licence = 电子证照
catalog-tag-upload = 上传
catalog-from-register = 从{ $register }调取
catalog-from-licence = 名下有有效的{ $licence }就不用交；没有再上传
catalog-optional = 可不交
catalog-when = 只在这种情况要：{ $condition }
catalog-when-plain = 只在涉及时要
catalog-deferrable = 可以后补
catalog-pledgeable = 签承诺可不交
catalog-sample = 看样例
catalog-formats = 文件格式：{ $formats }
catalog-material-basis = 要这份材料的依据
catalog-flow-title = 怎么办下来
catalog-flow-sentence = { $name }的办理流程
catalog-flow-you = 您申请
catalog-flow-correction = 缺材料，一次告知补正
catalog-flow-automatic = 规则判断，当场决定
catalog-flow-day = { $n } 个工作日
catalog-flow-end = 您收到结果
catalog-faq-title = 常有人问
catalog-law-title = 依据是什么
catalog-law-text = 办这件事依据下面的规定。
catalog-law-unverified = 条文待核对
catalog-law-local = 地方规定
catalog-fee-basis = 收费依据：{ $basis }
catalog-promise-source = 承诺来源：{ $source }
catalog-statutory-source = 法定时限来源：{ $source }
catalog-remedy-title = 不服怎么办
catalog-remedy-text = 对决定不服，可以向{ $body }申请行政复议，也可以向{ $court }起诉。期限写在决定书上。
catalog-contact-title = 谁来办
catalog-phone-consult = 问事
catalog-phone-complaint = 投诉
catalog-sample-form = 看一份填好的表
catalog-apply = 开始办理
catalog-apply-short = 办理
catalog-pledge-apply = 签承诺办理
catalog-channels = 在哪儿办
catalog-channel-web = 电脑
catalog-channel-mobile = 手机
catalog-channel-window = 大厅窗口
catalog-channel-mail = 邮寄
catalog-channel-kiosk = 自助终端
catalog-code = 事项编码
catalog-special-inspection = 现场核查
catalog-special-expert-review = 专家评审
catalog-special-hearing = 听证
catalog-special-testing = 检验检测
catalog-special-publicity = 公示
catalog-special-examination = 考试或体检
