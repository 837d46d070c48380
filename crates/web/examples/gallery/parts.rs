//! One of everything, with content as it would really be.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::time::Timestamp;
use web::i18n::T;
use web::kit::*;
use web::layout::{Page, respond};

#[derive(Template)]
#[template(path = "kit/gallery.html")]
struct Gallery<'a> {
    page: &'a Page,
    title: String,
    crumbs: Crumbs,
    parts: Vec<(String, Html)>,
}

#[derive(Template)]
#[template(path = "kit/gallery_desk.html")]
struct Desk<'a> {
    page: &'a Page,
    title: String,
    parts: Vec<(String, Html)>,
}

/// Renders one gallery page: `all`, `form`, `errors`, `track`, `receipt`, `desk`.
pub fn show(page: &Page, name: &str) -> Response {
    let t = page.t;
    let (title, parts) = match name {
        "form" => ("经营场所", form(t, false)),
        "errors" => ("经营场所", form(t, true)),
        "track" => ("办理进度", track(t)),
        "receipt" => ("回执", receipt(t)),
        "desk" => ("收件箱", inbox(t)),
        _ => ("组件", all(t)),
    };
    let crumbs = Crumbs::new(t).link("我的办件", "/cases");
    if name == "desk" {
        return respond(StatusCode::OK, t.lang(), &Desk { page, title: title.to_owned(), parts });
    }
    respond(StatusCode::OK, t.lang(), &Gallery { page, title: title.to_owned(), crumbs, parts })
}

fn part(title: &str, html: Html) -> (String, Html) {
    (title.to_owned(), html)
}

fn all(t: T) -> Vec<(String, Html)> {
    let icons = Icon::ALL.iter().fold(Html::default(), |html, icon| html.then(Html::of(icon)).then(" "));
    let words = ["草稿", "审核中", "待补正", "超期", "已办结", "已暂停"];
    let tags = Tone::ALL
        .iter()
        .zip(words)
        .fold(Html::default(), |html, (tone, word)| html.then(Html::of(&Tag::new(*tone, word))).then(" "));
    let lights = [Light::OnTime, Light::Near, Light::Late, Light::Paused, Light::Closed];
    let lamps = lights.iter().fold(Html::default(), |html, light| {
        html.then(Html::of(&Lamp::new(t, *light).detail("剩 3 个工作日"))).then(" ")
    });
    let notices = [Tone::Running, Tone::Act, Tone::Bad, Tone::Good].iter().fold(Html::default(), |html, tone| {
        html.then(Html::of(
            &Notice::new(*tone, "布局图看不清厨房尺寸").body("请在 11月30日 24:00 前重新上传，逾期不计入办理时限。"),
        ))
    });
    vec![
        part("图标", icons),
        part("状态", tags),
        part("红绿灯", lamps),
        part("提示", notices),
        part("步骤", Html::of(&steps(t))),
        part("任务清单", Html::of(&tasks(t))),
        part("核对", Html::of(&answers(t))),
        part("标签页", Html::of(&tabs())),
        part(
            "空列表",
            Html::of(
                &Empty::new(Icon::Folder, "还没有办件", "申请提交以后，在这里看进度。").action("去办事", "/matters"),
            ),
        ),
        part("流程图", Html::of(&flow())),
        part("翻页", Html::of(&Pager::new(t, "/", "/?after=1"))),
        part("确认", Html::of(&confirm(t))),
    ]
}

fn steps(t: T) -> Steps {
    let names = ["填写信息", "上传材料", "核对", "提交"];
    Steps::new(t, names.iter().map(|name| Step::new(*name, "/kit/form")).collect(), 1)
}

fn tasks(t: T) -> TaskList {
    let task = |title: &str, state| Task::new(title, "/kit/form", state);
    TaskList::new(
        t,
        vec![
            TaskSection {
                title: "填写".to_owned(),
                tasks: vec![
                    task("申请人", TaskState::Waived).hint("取自市场主体登记库"),
                    task("经营场所", TaskState::Done),
                    task("卫生设施", TaskState::Started),
                ],
            },
            TaskSection {
                title: "材料".to_owned(),
                tasks: vec![
                    task("平面布局图", TaskState::Wrong).hint("看不清厨房尺寸"),
                    task("卫生检测报告", TaskState::Todo),
                ],
            },
            TaskSection { title: "提交".to_owned(), tasks: vec![task("核对并提交", TaskState::Blocked)] },
        ],
    )
}

fn answers(t: T) -> Answers {
    Answers::new(t)
        .card(
            "经营场所",
            "/kit/form",
            vec![
                Fact::new("场所名称", "拾光理发店").source("市场主体登记库"),
                Fact::new("地址", "海澜区观澜路 12 号 1 层").source("市场主体登记库"),
                Fact::new("使用面积", "86 平方米").change("/kit/form"),
                Fact::new("集中空调", ""),
            ],
        )
        .card("材料", "/kit/form", vec![Fact::new("平面布局图", "平面图-终稿.pdf（1.2 MB）")])
}

fn tabs() -> Tabs {
    let tab =
        |label: &str, current, count| Tab { label: label.to_owned(), href: "/kit/all".to_owned(), current, count };
    Tabs::new("办件", vec![tab("要我办的", true, Some(2)), tab("办理中", false, Some(5)), tab("已办结", false, None)])
}

fn flow() -> Flow {
    let node = |id: &str, state| Node::new(id, id, state);
    let edge = |from: &str, to: &str| Edge::new(from, to, EdgeKind::Forward);
    Flow::new(
        "食品经营许可的办理流程",
        vec![
            node("申请", NodeState::You),
            node("受理", NodeState::Done).detail("当场"),
            node("材料审查", NodeState::Now).detail("2 个工作日"),
            node("现场核查", NodeState::Office).detail("3 个工作日"),
            node("消防会签", NodeState::Office).detail("3 个工作日"),
            node("决定", NodeState::Office),
            node("送达", NodeState::Good),
        ],
        vec![
            edge("申请", "受理"),
            edge("受理", "材料审查"),
            edge("受理", "现场核查").label("需现场"),
            edge("受理", "消防会签").label("≥300㎡"),
            edge("材料审查", "决定"),
            edge("现场核查", "决定"),
            edge("消防会签", "决定"),
            edge("决定", "送达").label("准予"),
            Edge::new("受理", "申请", EdgeKind::Return).label("补正"),
            Edge::new("现场核查", "受理", EdgeKind::Return).label("整改"),
        ],
    )
}

fn confirm(t: T) -> Confirm {
    Confirm::new(t, "撤回这份申请？", "撤回申请", "/", "/kit/all", "sample")
        .body("撤回后不再审查，已交的材料保留 30 天。需要时可以重新申请。")
        .danger()
        .fields(Html::of(&Field::textarea(t, "reason", "撤回的原因").optional()))
}

fn form(t: T, wrong: bool) -> Vec<(String, Html)> {
    let mut summary = ErrorSummary::new(t);
    let e = |text: &'static str| if wrong { text } else { "" };
    if wrong {
        summary.push("name", "请填写场所名称");
        summary.push("area", "面积要大于 0");
        summary.push("kind", "请选择场所种类");
    }
    let kinds = vec![
        Choice::new("salon", "理发店、美容店").hint("包括美发、美甲"),
        Choice::new("hotel", "宾馆、旅店"),
        Choice::new("pool", "游泳场所"),
    ];
    let fields = [
        Html::of(
            &Field::text(t, "name", "场所名称")
                .hint("与招牌一致")
                .value(e("").to_owned() + if wrong { "" } else { "拾光理发店" })
                .source(if wrong { "" } else { "市场主体登记库" })
                .error(e("请填写场所名称")),
        ),
        Html::of(
            &Field::text(t, "code", "统一社会信用代码")
                .value("92370211MA3XYZ1234")
                .locked()
                .source("市场主体登记库")
                .width("l"),
        ),
        Html::of(
            &Field::number(t, "area", "使用面积")
                .unit("平方米")
                .hint("按不动产权证或租赁合同填")
                .value(if wrong { "-3" } else { "86" })
                .error(e("面积要大于 0")),
        ),
        Html::of(
            &Field::radio(t, "kind", "场所种类", kinds)
                .value(e("").to_owned() + if wrong { "" } else { "salon" })
                .error(e("请选择场所种类")),
        ),
        Html::of(
            &Field::checkboxes(
                t,
                "gear",
                "有哪些设施",
                vec![Choice::new("a", "集中空调"), Choice::new("b", "洗消间"), Choice::new("c", "独立卫生间")],
            )
            .value("b")
            .optional(),
        ),
        Html::of(
            &Field::select(t, "district", "所在街道", vec![Choice::new("1", "观澜街道"), Choice::new("2", "望海街道")])
                .value("1")
                .width("m"),
        ),
        Html::of(&Field::date(t, "open", "计划开业日期").value("2026-12-20")),
        Html::of(&Field::phone(t, "phone", "联系手机").value("13800000000")),
        Html::of(&Field::textarea(t, "note", "还有要说明的吗").optional()),
        Html::of(&repeat(t)),
        Html::of(&upload(t)),
        Html::of(&Field::tick(t, "agree", "我已核对，以上内容真实")),
    ];
    let body = fields.into_iter().fold(Html::of(&summary), Html::then);
    vec![part("填写", Html::of(&Wrapped { body }))]
}

#[derive(Template)]
#[template(
    source = r#"<form method="post" action="/kit/errors" enctype="multipart/form-data" data-autosave="/kit/save">{{ body }}<div class="form__actions"><button class="button" name="do" value="next">保存并继续</button><button class="button button--quiet" name="do" value="save">存着，下次再填</button><span class="saved" data-saved data-saved-words="已保存" data-failed-words="还没存上，恢复网络后会再试" role="status">已保存 10:42</span></div></form>"#,
    ext = "html"
)]
struct Wrapped {
    body: Html,
}

impl askama::filters::HtmlSafe for Wrapped {}

fn repeat(t: T) -> Repeat {
    let row = |index: usize, name: &str| {
        vec![
            Field::text(t, format!("staff[{index}].name"), "姓名").value(name),
            Field::date(t, format!("staff[{index}].until"), "健康证有效期至").value("2027-05-01"),
        ]
    };
    Repeat::new(t, "staff", "直接为顾客服务的人员", "人员")
        .hint("都要有健康证")
        .row(row(0, "王梅"))
        .row(row(1, "赵海生"))
        .limits(1, 20)
}

fn upload(t: T) -> Upload {
    Upload::new(t, "floor-plan", "平面布局图", "/uploads")
        .hint("标明面积和洗消间位置，尺寸清楚。")
        .limits(&[], 20_000_000)
        .file(UploadedFile {
            id: "1".to_owned(),
            name: "平面图-终稿.pdf".to_owned(),
            size: 1_234_567,
            href: "/".to_owned(),
        })
}

fn track(t: T) -> Vec<(String, Html)> {
    let at = |hours: i64| Timestamp::from_micros(1_795_000_000_000_000).plus_seconds(hours * 3_600);
    let clock = |label: &str, limit, used, state| Clock {
        label: label.to_owned(),
        limit,
        used,
        state,
        due: "11月27日 周五 24:00 前办结".to_owned(),
        provisional: false,
    };
    let clocks = [
        Countdown::new(t, clock("承诺时限", 5, 2, ClockState::Running)),
        Countdown::new(t, clock("法定时限", 20, 18, ClockState::Near)),
        Countdown::new(t, clock("承诺时限", 5, 2, ClockState::Paused)).note("等您补正，11月20日起暂停计时"),
        Countdown::new(t, clock("承诺时限", 5, 7, ClockState::Late)),
        Countdown::new(t, Clock { provisional: true, ..clock("承诺时限", 10, 1, ClockState::Met) }),
    ];
    let events = vec![
        Event::new(EventState::Next, "作出决定").when("11月27日前").who("区行政审批服务局"),
        Event::new(EventState::Now, "现场核查")
            .at(t, at(30))
            .who("李建国、周敏")
            .body("两名工作人员上门，约 30 分钟。请准备好健康证原件。"),
        Event::new(EventState::Paused, "等待补正，暂停计时").at(t, at(20)).body("布局图看不清厨房尺寸。"),
        Event::new(EventState::Act, "请补正 1 份材料")
            .at(t, at(19))
            .who("张晓")
            .body(Html::link("/kit/form", "去补正")),
        Event::new(EventState::Done, "受理")
            .at(t, at(4))
            .who("张晓 · 无差别综合窗口")
            .body(Html::link("/", "受理通知书（江海审受〔2026〕118号）")),
        Event::new(EventState::Done, "提交申请").at(t, at(0)).who("林晓岚"),
    ];
    let grid = clocks.iter().fold(Html::default(), |html, clock| html.then(Html::of(clock)));
    vec![part("时限", Html::of(&Columns { body: grid })), part("进度", Html::of(&Timeline::new(t, events)))]
}

#[derive(Template)]
#[template(source = r#"<div class="columns">{{ body }}</div>"#, ext = "html")]
struct Columns {
    body: Html,
}

impl askama::filters::HtmlSafe for Columns {}

fn receipt(t: T) -> Vec<(String, Html)> {
    let facts = Facts::new(
        t,
        vec![
            Fact::new("事项", "公共场所卫生许可"),
            Fact::new("申请人", "海澜区拾光理发店"),
            Fact::new("收到时间", "2026年11月22日 10:42"),
            Fact::new("最晚办结", "2026年11月27日 24:00（承诺 5 个工作日）"),
        ],
    );
    let receipt = Receipt::new(t, "申请收到了", "370211-2026-0011-8842-7")
        .lead("已发短信到 138****0000")
        .facts(facts)
        .next("工作人员 1 个工作日内看材料，缺什么一次告诉您。")
        .next("受理后发受理通知书，时限从那天起算。")
        .next("办好后证照存进“我的证照”，不用来取。")
        .action("看进度", "/kit/track")
        .action("打印回执", "/");
    vec![part("回执", Html::of(&receipt))]
}

fn inbox(t: T) -> Vec<(String, Html)> {
    let columns = vec![
        Column::new("办件").sort("/kit/desk?sort=number", Sorted::No),
        Column::new("事项"),
        Column::new("申请人"),
        Column::new("状态"),
        Column::new("到期").sort("/kit/desk?sort=due", Sorted::Up),
        Column::new("材料").numeric(),
    ];
    let rows = [
        ("…8842-7", "食品经营许可", "海澜区渔歌饭店", Light::Late, "超 1 天", "5"),
        ("…8851-2", "公共场所卫生许可", "海澜区拾光理发店", Light::Near, "今天", "6"),
        ("…8860-9", "第三类医疗器械经营许可", "江城康泽商贸有限公司", Light::OnTime, "剩 4 天", "9"),
        ("…8871-0", "建筑工程施工许可", "江城筑远建设有限公司", Light::Paused, "待补正", "11"),
    ];
    let mut table = Table::new("收件箱", columns);
    for (index, (number, matter, who, light, due, papers)) in rows.into_iter().enumerate() {
        let row = Row::new(vec![
            Html::link("/kit/desk", number),
            matter.into(),
            who.into(),
            Html::of(&Lamp::new(t, light)),
            due.into(),
            papers.into(),
        ]);
        table = table.row(if index == 0 { row.marked() } else { row });
    }
    vec![
        part("", Html::of(&tabs())),
        part("", Html::of(&table)),
        part("", Html::of(&Pager::new(t, "", "/kit/desk?after=1"))),
    ]
}
