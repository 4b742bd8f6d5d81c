"""长期订餐: meals that are booked by themselves on weekdays an elder named, and their pauses."""
