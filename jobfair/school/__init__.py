"""学校: the work-study school: intake, enrolment and what students become."""
