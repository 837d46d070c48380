//! The stories of the city's past: cases in every state whose clocks make sense today, and the ordinary run of business.

use domain::accounts::Role;
use domain::cases::{NonAcceptance, Point, Termination};
use domain::catalog::{SpecialKind, StepKind};
use domain::time::{Clock, Light, Timestamp};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::cases::Work;
use crate::city::City;
use crate::demo::random::Dice;
use crate::error::ServiceError;

/// Who applies.
#[derive(Debug, Clone, Copy)]
pub(super) enum Player {
    /// One of the citizens with an account.
    Citizen(&'static str),
    /// Somebody new.
    Stranger,
}

/// How the application comes in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    Web,
    Window,
    System,
}

/// What happens.
#[derive(Debug)]
pub(super) enum Step {
    /// The sample is filed.
    File,
    /// The sample is sent for feedback first.
    PreReview,
    /// The case goes one step on towards its licence.
    Forward,
    /// Somebody of that role does something.
    Staff(Role, Work),
    /// The applicant does something.
    Applicant(Work),
    /// The applicant hands in what the notice named.
    Resubmit,
    /// 不予受理, because the resubmission still lacks what the notice named.
    Decline(&'static str),
    /// Every open check is answered.
    Check,
    /// The licence is revoked.
    Revoke(&'static str),
}

/// One case.
#[derive(Debug)]
pub(super) struct Story {
    pub player: Player,
    pub matter: String,
    pub way: Way,
    /// The credit records hold something against the applicant, so that rules leave the case to people.
    pub distrusted: bool,
    pub scenes: Vec<(Timestamp, Step)>,
}

/// Days counted back from today.
struct Days<'a> {
    city: &'a City,
    today: Date,
    now: Timestamp,
}

type Told = Result<Story, ServiceError>;

impl Days<'_> {
    /// Some minutes after nine on the working day that lies so many working days back; never later than now.
    fn at(&self, back: u32, minutes: i64) -> Result<Timestamp, ServiceError> {
        let date = self.city.calendar().subtract_working_days(self.today, back).map_err(ServiceError::internal)?.date;
        Ok(self.on(date, minutes))
    }

    fn on(&self, date: Date, minutes: i64) -> Timestamp {
        Timestamp::start_of(date).plus_seconds(9 * 3600 + minutes * 60).min(self.now)
    }

    /// How many working days back a case of this matter was accepted whose lamp shows this today.
    fn back_to(&self, matter: &str, light: Light) -> Result<u32, ServiceError> {
        let period = self.city.shelf().matter(matter)?.bundle.matter.promised.clone();
        let lamps = self.city.law().lamps(self.today).map_err(ServiceError::internal)?;
        let calendar = self.city.calendar();
        for back in 0..90 {
            let clock = Clock::new(period.clone(), self.at(back, 60)?);
            if clock.light(&calendar, self.now, &lamps).map_err(ServiceError::internal)? == light {
                return Ok(back);
            }
        }
        Err(ServiceError::Internal(format!("no case of {matter} can show {light:?} today")))
    }

    /// A story whose scenes lie so many working days back.
    fn tell(&self, player: Player, matter: &str, way: Way, scenes: Vec<(u32, Step)>) -> Told {
        let mut timed = Vec::new();
        for (index, (back, step)) in scenes.into_iter().enumerate() {
            let minutes = i64::try_from(index).unwrap_or(0) * 35;
            timed.push((self.at(back, minutes)?, step));
        }
        Ok(Story { player, matter: matter.to_owned(), way, distrusted: false, scenes: timed })
    }

    /// A story decided by rules on a day, whose checks are answered a month later if that has come.
    fn settled(&self, player: Player, matter: &str, way: Way, date: Date) -> Story {
        let filed = self.on(date, 70);
        let mut scenes = vec![(filed, Step::File)];
        let checked = date.checked_add(30.days()).unwrap_or(date);
        if checked < self.today {
            scenes.push((self.on(checked, 200), Step::Check));
        }
        Story { player, matter: matter.to_owned(), way, distrusted: false, scenes }
    }
}

fn points(points: &[(&str, &str)]) -> Vec<Point> {
    points
        .iter()
        .map(|(about, text)| Point { about: (*about).to_owned(), text: (*text).to_owned(), new_defect: None })
        .collect()
}

fn clerk(work: Work) -> Step {
    Step::Staff(Role::Clerk, work)
}

fn notice(list: &[(&str, &str)]) -> Step {
    clerk(Work::RequestCorrection { points: points(list) })
}

fn against(text: &str) -> Step {
    let officers = vec!["林雅".to_owned(), "宋志".to_owned()];
    Step::Staff(Role::Reviewer, Work::GiveOpinion { favourable: false, text: text.to_owned(), officers })
}

/// All stories of a city on a day.
pub(super) fn all(city: &City, today: Date, now: Timestamp, dice: &mut Dice) -> Result<Vec<Story>, ServiceError> {
    let days = Days { city, today, now };
    let mut stories = Vec::new();
    stories.extend(before_acceptance(&days)?);
    stories.extend(in_review(&days)?);
    stories.extend(ended(&days)?);
    stories.extend(licences(&days)?);
    stories.extend(business(&days, dice)?);
    Ok(stories)
}

/// Pre-check, correction, and what waits for acceptance.
fn before_acceptance(days: &Days<'_>) -> Result<Vec<Story>, ServiceError> {
    use Player::{Citizen, Stranger};
    use Step::{File, PreReview, Resubmit};
    let feedback = clerk(Work::GiveFeedback {
        points: points(&[
            ("premises", "房屋平面图没有标注诊室和治疗室的面积，请补充标注。"),
            ("waste-contract", "医疗废物处置协议的有效期请填写到年底。"),
        ]),
    });
    let pharmacy = notice(&[
        ("staff-proof", "请补充执业药师注册证复印件。"),
        ("equipment", "设施设备目录缺少温湿度监测设备，请补充。"),
    ]);
    let device = notice(&[("software", "计算机信息管理系统说明没有写明追溯功能，请补充说明。")]);
    let mut distrusted = days.tell(Stranger, "public-place-hygiene", Way::System, vec![(2, File)])?;
    distrusted.distrusted = true;
    Ok(vec![
        days.tell(Citizen("wu.doctor"), "clinic-filing", Way::Web, vec![(3, PreReview), (1, feedback)])?,
        days.tell(Citizen("zhang.officer"), "company-change", Way::Web, vec![(0, PreReview)])?,
        days.tell(Citizen("zhang.officer"), "retail-pharmacy", Way::Web, vec![(5, File), (3, pharmacy)])?,
        days.tell(Citizen("zhang.officer"), "food-operation", Way::Web, vec![(0, File)])?,
        days.tell(Stranger, "company-registration", Way::System, vec![(0, File)])?,
        days.tell(Stranger, "company-registration", Way::Window, vec![(4, File)])?,
        days.tell(Stranger, "company-registration", Way::System, vec![(9, File)])?,
        days.tell(Stranger, "device-class3", Way::Window, vec![(9, File), (7, device), (1, Resubmit)])?,
        distrusted,
    ])
}

/// Accepted cases: fresh, late, paused, extended, sent back, waiting for a decision.
fn in_review(days: &Days<'_>) -> Result<Vec<Story>, ServiceError> {
    use Player::{Citizen, Stranger};
    use Step::{File, Forward};
    let yellow = days.back_to("device-class3", Light::Yellow)?;
    let warning = days.back_to("disinfectant-producer", Light::Warning)?;
    let red = days.back_to("device-class3", Light::Red)? + 1;
    let pause = Step::Staff(Role::Reviewer, Work::Pause { procedure: SpecialKind::ExpertReview, working_days: 10 });
    let extend = Step::Staff(Role::Approver, Work::Extend { reason: "需要补充征求相邻单位意见。".into() });
    let back = Step::Staff(Role::Approver, Work::Return { reason: "请核实洁净车间面积与平面图是否一致。".into() });
    Ok(vec![
        days.tell(Citizen("zhou.chef"), "food-operation", Way::Web, vec![(3, File), (2, Forward), (1, Forward)])?,
        days.tell(Citizen("zheng.device"), "device-class3", Way::Web, vec![(yellow, File), (yellow, Forward)])?,
        days.tell(Stranger, "device-class3", Way::Window, vec![(red, File), (red, Forward), (red - 2, Forward)])?,
        days.tell(Stranger, "disinfectant-producer", Way::System, vec![(warning, File), (warning, Forward)])?,
        days.tell(Stranger, "disinfectant-producer", Way::Window, vec![(1, File), (0, Forward)])?,
        days.tell(
            Citizen("feng.builder"),
            "project-planning-permit",
            Way::Web,
            vec![(8, File), (7, Forward), (6, Forward), (5, pause)],
        )?,
        days.tell(Stranger, "land-planning-permit", Way::System, vec![(4, File), (3, Forward), (2, Forward)])?,
        days.tell(Stranger, "land-planning-permit", Way::Window, vec![(6, File), (5, Forward), (3, extend)])?,
        days.tell(Stranger, "company-change", Way::Window, vec![(2, File), (1, Forward), (0, Forward)])?,
        days.tell(
            Stranger,
            "disinfectant-producer",
            Way::Window,
            vec![(6, File), (5, Forward), (4, Forward), (3, Forward), (1, back)],
        )?,
    ])
}

/// Refused, not accepted, lapsed, withdrawn, terminated; granted and waiting at a window.
fn ended(days: &Days<'_>) -> Result<Vec<Story>, ServiceError> {
    use Player::{Citizen, Stranger};
    use Step::{File, Forward, Resubmit};
    let lacking = |slot, text| notice(&[(slot, text)]);
    let elsewhere = clerk(Work::DeclineAcceptance {
        ground: NonAcceptance::WrongAuthority { authority: "山东省农业农村厅".into() },
        reasons: "经营限制使用农药的许可由省级农业农村主管部门核发，请向山东省农业农村厅申请。".into(),
    });
    let refuse = Step::Staff(
        Role::Approver,
        Work::Refuse {
            reasons: "现场核查发现食品处理区与卫生间直接相通，经指导仍未整改，不符合《食品经营许可和备案管理办法》规定的条件。".into(),
        },
    );
    let terminate = Step::Staff(
        Role::Approver,
        Work::Terminate {
            ground: Termination::ApplicantGone, reason: "申请人已经注销，行政许可程序终止。".into()
        },
    );
    let withdraw = Step::Applicant(Work::Withdraw { reason: "经营场所另有安排。".into() });
    let ask = Step::Applicant(Work::AskPerson { reason: "请人工核对许可范围是否包含期刊。".into() });
    Ok(vec![
        days.tell(
            Stranger,
            "food-operation",
            Way::Window,
            vec![
                (20, File),
                (19, Forward),
                (18, against("布局图与现场不一致。")),
                (17, against("食品处理区与卫生间直接相通，未整改。")),
                (16, refuse),
            ],
        )?,
        days.tell(Stranger, "pesticide-licence", Way::Window, vec![(10, File), (9, elsewhere)])?,
        days.tell(
            Stranger,
            "retail-pharmacy",
            Way::Window,
            vec![
                (25, File),
                (22, lacking("staff-proof", "请提供执业药师注册证。")),
                (18, Resubmit),
                (16, Step::Decline("补正后提交的仍是执业药师资格证，缺少注册证，补正告知书所列内容没有补齐。")),
            ],
        )?,
        days.tell(
            Stranger,
            "food-operation",
            Way::Window,
            vec![(40, File), (38, lacking("layout", "平面布局图没有标注操作流程，请补充。"))],
        )?,
        days.tell(Stranger, "clinic-filing", Way::Window, vec![(12, File), (11, withdraw)])?,
        days.tell(Stranger, "food-operation", Way::System, vec![(30, File), (28, Forward), (26, terminate)])?,
        days.tell(
            Stranger,
            "pesticide-licence",
            Way::Window,
            vec![(6, File), (5, Forward), (4, Forward), (3, Forward), (2, Forward)],
        )?,
        days.tell(Stranger, "public-place-hygiene", Way::Window, vec![(0, File)])?,
        days.tell(Citizen("gu.books"), "publication-retail", Way::Web, vec![(6, File), (4, ask)])?,
    ])
}

/// Licences on file: valid, soon to expire, expired, revoked, and what the citizens hold.
fn licences(days: &Days<'_>) -> Result<Vec<Story>, ServiceError> {
    use Player::{Citizen, Stranger};
    use Step::{Check, File, Forward};
    let ago = |months: i32, more: i32| -> Result<Date, ServiceError> {
        days.today
            .checked_sub(months.months())
            .and_then(|day| day.checked_add(more.days()))
            .map_err(ServiceError::internal)
    };
    let revoke = Step::Revoke("事后核查发现承诺的卫生检测报告不实，依据《行政许可法》第六十九条第二款予以撤销。");
    // A hygiene licence runs for 48 months less a day, so this one has twenty days left.
    let soon = days.settled(Citizen("tang.salon"), "public-place-hygiene", Way::Web, ago(48, 21)?);
    let whole = |first: u32| {
        vec![(first, File), (first - 1, Forward), (first - 2, Forward), (first - 3, Forward), (first - 4, Forward)]
    };
    Ok(vec![
        soon,
        days.settled(Stranger, "public-place-hygiene", Way::System, ago(50, 0)?),
        days.settled(Stranger, "public-place-hygiene", Way::System, ago(14, 0)?),
        days.settled(Citizen("zhang.officer"), "company-name", Way::Web, ago(3, 0)?),
        days.tell(Stranger, "public-place-hygiene", Way::System, vec![(90, File), (35, Check), (30, revoke)])?,
        days.tell(Citizen("sun.farmer"), "pesticide-licence", Way::Web, whole(200))?,
        days.tell(
            Citizen("feng.builder"),
            "land-planning-permit",
            Way::Web,
            vec![(40, File), (39, Forward), (38, Forward), (37, Forward)],
        )?,
        days.tell(Citizen("li.shop"), "prepackaged-food-filing", Way::Web, vec![(30, File), (8, Check)])?,
        days.tell(Citizen("zhang.officer"), "investment-filing", Way::Web, vec![(20, File)])?,
        days.tell(Citizen("wang.mother"), "tax-certificate", Way::Web, vec![(15, File)])?,
        days.tell(Citizen("liu.senior"), "social-insurance-certificate", Way::Web, vec![(25, File)])?,
        days.tell(Citizen("qian.home"), "real-estate-search", Way::Web, vec![(12, File)])?,
    ])
}

/// The ordinary run of the last months: every automatic matter three times, every other twice to its end.
fn business(days: &Days<'_>, dice: &mut Dice) -> Result<Vec<Story>, ServiceError> {
    let shelf = days.city.shelf();
    let mut stories = Vec::new();
    for published in shelf.matters() {
        let matter = &published.bundle.matter;
        if published.rules.is_some() {
            for way in [Way::System, Way::System, Way::Window] {
                let back = dice.between(2, 60);
                let mut scenes = vec![(back, Step::File)];
                if matches!(way, Way::Window) {
                    scenes.push((back.saturating_sub(1), Step::Forward));
                }
                if back > 15 {
                    scenes.push((back - 15, Step::Check));
                }
                stories.push(days.tell(Player::Stranger, &matter.slug, way, scenes)?);
            }
            continue;
        }
        for way in [Way::System, Way::Window] {
            let back = dice.between(25, 80);
            let steps = matter.flow.iter().filter(|flow| matches!(flow.step, StepKind::Review | StepKind::Inspect));
            // Acceptance, the steps, the decision, and at a window the handing over.
            let count = 2 + u32::try_from(steps.count()).unwrap_or(0) + u32::from(matches!(way, Way::Window));
            let promise = matter.promised.number;
            let on = |index: u32| back - (index * promise.min(count) / (count + 1)).min(back);
            let mut scenes = vec![(back, Step::File)];
            scenes.extend((1..=count).map(|index| (on(index), Step::Forward)));
            stories.push(days.tell(Player::Stranger, &matter.slug, way, scenes)?);
        }
    }
    Ok(stories)
}
