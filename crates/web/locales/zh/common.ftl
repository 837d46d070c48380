# Words of the layout and the kit. Messages of this file need no prefix.

brand = 一窗
brand-kind = 政务服务
skip-to-content = 跳到正文
demo-title = 演示城市
demo-text = 内容均为虚构，不具法律效力

nav-label = 主导航
tabbar-label = 底部导航
nav-home = 首页
nav-matters = 办事
nav-cases = 我的办件
nav-licences = 我的证照
nav-verify = 查验
nav-messages = 消息
nav-unread = 未读消息：
nav-access = 谁看过我的信息
nav-desk = 工作台
desk-name = 工作台
sign-in = 登录
sign-out = 退出登录

size-elder = 长辈版
size-standard = 标准版
contrast-high = 高对比度
contrast-normal = 普通对比度
theme-auto = 跟随设备
theme-light = 浅色
theme-dark = 深色
other-lang-name = English
other-lang-tag = en
other-lang-word = en
display-title = 显示设置
display-lead = 选好就生效，这台设备会记住一年。
display-lang = 语言
display-size = 字号
display-contrast = 对比度
display-theme = 底色

footer-label = 页脚
footer-promise = 政府已有的材料不再要，一次告知，按时办结，每个决定都说明理由。
footer-access = 无障碍说明
footer-privacy = 个人信息保护
footer-help = 办事遇到困难，打

back = 返回
change = 修改
copy = 复制
copied = 已复制
print = 打印
not-given = 未填写
case-number = 办件编号
what-next = 接下来
show-all = 查看全部
list-separator = 、
free = 不收费
at-once = 当场
working-days = { $n } 个工作日
calendar-days = { $n } 天
months = { $n } 个月
hours = { $n } 小时
days-left = 还剩 { $n } 个工作日

field-optional = （选填）
field-error = 错误：
field-choose = 请选择
field-source = 取自{ $source }
errors-in-form = 有 { $n } 处需要修改
repeat-add = 添加{ $item }
repeat-add-more = 再添加一个{ $item }
repeat-remove = 删除

light-on-time = 正常
light-near = 临期
light-late = 超期
light-paused = 暂停
light-closed = 办结

task-done = 已完成
task-todo = 未开始
task-started = 填了一部分
task-wrong = 需修改
task-blocked = 还不能开始
task-waived = 不用您做
tasks-progress = 已完成 { $done_n } 项，共 { $total_n } 项
steps-label = 步骤
steps-of = 第 { $at_n } 步，共 { $total_n } 步

timeline-expected = 预计
clock-running = 计时中
clock-paused = 已暂停
clock-met = 按时
clock-before = { $state ->
    [late] 已超期
    [met] 用了
    [paused] 停在还剩
   *[other] 还剩
  }
clock-after = { $state ->
    [met] 个工作日{ $n ->
        [0]，当天办结
       *[other] 办结
      }
   *[other] 个工作日{ $n ->
        [0]，今天到期
       *[other] {""}
      }
  }
clock-provisional = 暂定：当年放假安排尚未公布

pager-label = 翻页
pager-first = 回到第一页
pager-next = 下一页
pager-end = 已经到底
crumbs-label = 当前位置

upload-send = 上传
upload-limits = { $formats }，不超过 { $n } MB；可以把文件拖到这里，手机可直接拍照
upload-sending = 正在上传
upload-done = 已上传
upload-waiting = 网络断了，恢复后自动接着传
upload-failed = 没有传成功，请重新选择文件
upload-resumed = 从断点接着传
upload-too-big = 文件超过 { $n } MB，请压缩后再选

nav-more = 更多
keys-title = 键盘操作
keys-walk = 列表里上下移动，回车打开
keys-next = 下一件、上一件
keys-material = 到下一份未核对的材料
keys-verdict = 齐全有效、有问题
keys-save = 保存核对结果
keys-find = 查找
keys-leave = 离开输入框
keys-letters = 办理按钮旁的字母直接打开该操作；没有脚本时用浏览器的访问键加同一字母。
keys-on = 开启单键操作
keys-off = 关闭单键操作
upload-choose = 选择文件或拍照
