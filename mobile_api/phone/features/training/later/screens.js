// The screens of courses, for routes.js.

export { courseDoor } from "./course_door.js";
export { courses } from "./courses.js";
export { enrolCarer } from "./enrol_carer.js";
export { leaveCourse } from "./leave_course.js";
export { learned } from "./learned.js";
export { oneCourse } from "./one_course.js";
